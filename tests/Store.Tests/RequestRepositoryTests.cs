using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Requests;

namespace ArtMqtt.Store.Tests;

public sealed class RequestRepositoryTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static int _devices;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RequestRepository Requests => database.Requests;

    [Fact]
    public async Task Goes_the_whole_way_with_one_event_per_change()
    {
        var request = await CreateAsync();
        var device = await CreateDeviceAsync();

        var assigned = await Requests.AssignAsync(request.RequestId, device, "anna", Token);
        RequestStatus[] rest =
            [RequestStatus.EnRoute, RequestStatus.Arrived, RequestStatus.InProgress, RequestStatus.Completed];
        foreach (var status in rest)
        {
            var result = await Requests.ChangeStatusAsync(request.RequestId, status, "bert", Token);
            Assert.Equal((status, "bert"), (result.Change!.Request.Status, result.Change.By));
        }

        Assert.Equal((RequestStatus.Pending, device), (assigned.Change!.Previous, assigned.Change.Request.DeviceId));
        var stored = await Requests.FindAsync(request.RequestId, Token);
        Assert.Equal((RequestStatus.Completed, 6), (stored!.Status, stored.Version));
        Assert.Equal(
            "-pending:anna pending-assigned:anna assigned-en_route:bert en_route-arrived:bert "
            + "arrived-in_progress:bert in_progress-completed:bert",
            await database.QueryAsync<string>($"""
                SELECT string_agg(coalesce(from_status, '') || '-' || to_status || ':' || by, ' ' ORDER BY version)
                FROM request_events WHERE request_id = '{request.RequestId}'
                """));
        Assert.Equal([7, 7], await Requests.FindCustomerTokenHashAsync(request.RequestId, Token));
    }

    [Fact]
    public async Task Refuses_what_the_status_does_not_allow()
    {
        var request = await CreateAsync();
        var device = await CreateDeviceAsync();

        var skipped = await Requests.ChangeStatusAsync(request.RequestId, RequestStatus.Arrived, "x", Token);
        var unassigned = await Requests.ChangeStatusAsync(request.RequestId, RequestStatus.Assigned, "x", Token);
        await Requests.ChangeStatusAsync(request.RequestId, RequestStatus.Cancelled, "x", Token);
        var late = await Requests.AssignAsync(request.RequestId, device, "x", Token);

        Assert.Equal((RequestChangeError.NotAllowed, RequestStatus.Pending), (skipped.Error, skipped.Current!.Status));
        Assert.Equal(RequestChangeError.NotAllowed, unassigned.Error);
        Assert.Equal((RequestChangeError.NotAllowed, RequestStatus.Cancelled), (late.Error, late.Current!.Status));
    }

    [Fact]
    public async Task Says_what_does_not_exist()
    {
        var request = await CreateAsync();

        var noRequest = await Requests.ChangeStatusAsync(Guid.NewGuid(), RequestStatus.Cancelled, "x", Token);
        var noDevice = await Requests.AssignAsync(request.RequestId, "nobody", "x", Token);

        Assert.Equal(RequestChangeError.NotFound, noRequest.Error);
        Assert.Equal(RequestChangeError.DeviceNotFound, noDevice.Error);
        Assert.Null(await Requests.FindAsync(Guid.NewGuid(), Token));
        Assert.Null(await Requests.FindCustomerTokenHashAsync(Guid.NewGuid(), Token));
    }

    [Fact]
    public async Task Two_assignments_at_once_come_one_after_the_other()
    {
        var request = await CreateAsync();
        string[] devices = [await CreateDeviceAsync(), await CreateDeviceAsync()];

        var results = await Task.WhenAll(devices.Select(d => Requests.AssignAsync(request.RequestId, d, d, Token)));

        var changes = results.Select(r => r.Change!).OrderBy(c => c.Request.Version).ToList();
        Assert.Equal([2, 3], changes.Select(c => c.Request.Version));
        Assert.Equal([RequestStatus.Pending, RequestStatus.Assigned], changes.Select(c => c.Previous));
        Assert.Equal(changes[1].Request, await Requests.FindAsync(request.RequestId, Token));
    }

    [Fact]
    public async Task One_of_many_equal_status_changes_at_once_is_made()
    {
        var request = await CreateAsync();
        await Requests.AssignAsync(request.RequestId, await CreateDeviceAsync(), "x", Token);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Requests.ChangeStatusAsync(request.RequestId, RequestStatus.EnRoute, "x", Token)));

        Assert.Single(results, r => r.Change is not null);
        Assert.Equal(7, results.Count(r => r.Error == RequestChangeError.NotAllowed));
    }

    [Fact]
    public async Task Assigning_the_same_device_again_changes_nothing()
    {
        var request = await CreateAsync();
        var device = await CreateDeviceAsync();
        await Requests.AssignAsync(request.RequestId, device, "x", Token);

        var again = await Requests.AssignAsync(request.RequestId, device, "x", Token);

        Assert.Equal((2, RequestStatus.Assigned), (again.Change!.Request.Version, again.Change.Previous));
    }

    [Fact]
    public async Task Remembers_since_when_the_device_is_assigned()
    {
        var request = await CreateAsync();
        var (first, second) = (await CreateDeviceAsync(), await CreateDeviceAsync());
        await Requests.AssignAsync(request.RequestId, first, "x", Token);
        var since = await AssignedAtAsync(request.RequestId);

        await Requests.AssignAsync(request.RequestId, first, "x", Token);
        await Requests.ChangeStatusAsync(request.RequestId, RequestStatus.EnRoute, "x", Token);
        Assert.Equal(since, await AssignedAtAsync(request.RequestId));

        await Requests.AssignAsync(request.RequestId, second, "x", Token);
        Assert.True(await AssignedAtAsync(request.RequestId) > since);
    }

    [Fact]
    public async Task Lists_the_newest_first_page_by_page()
    {
        var created = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            created.Add((await CreateAsync()).RequestId);
        }

        var first = await Requests.ListAsync(TenantScope.All, null, null, 2, Token);
        var second = await Requests.ListAsync(TenantScope.All, first[^1].CreatedAt, first[^1].RequestId, 2, Token);

        Assert.Equal(2, first.Count);
        Assert.True(first[0].CreatedAt >= first[1].CreatedAt && first[1].CreatedAt >= second[0].CreatedAt);
        Assert.Empty(first.Select(r => r.RequestId).Intersect(second.Select(r => r.RequestId)));
    }

    [Fact]
    public async Task Devices_are_unique_listed_by_id_and_get_new_secrets()
    {
        var id = await CreateDeviceAsync();

        Assert.Null(await database.Devices.CreateAsync(id, "again", new byte[32], Token));
        Assert.NotNull(await database.Devices.RotateSecretAsync(id, new byte[] { 9 }, TimeSpan.Zero, Token));
        Assert.Null(await database.Devices.RotateSecretAsync("nobody", new byte[] { 9 }, TimeSpan.Zero, Token));
        Assert.Equal("van", (await database.Devices.FindAsync(id, Token))?.Name);
        Assert.Null(await database.Devices.FindAsync("nobody", Token));
        var listed = await database.Devices.ListAsync(TenantScope.All, null, 1000, Token);
        Assert.Contains(id, listed.Select(d => d.DeviceId));
        Assert.Equal(
            listed.SkipWhile(d => d.DeviceId != id).Skip(1), await database.Devices.ListAsync(TenantScope.All, id, 1000, Token));
        await Assert.ThrowsAsync<ArgumentException>(
            () => database.Devices.CreateAsync("Not An Id", null, new byte[32], Token));
    }

    private Task<DateTime> AssignedAtAsync(Guid requestId) => database.QueryAsync<DateTime>(
        $"SELECT assigned_at FROM service_requests WHERE request_id = '{requestId}'");

    private async Task<RequestRecord> CreateAsync() => (await Requests.CreateAsync(
        new NewRequest(Guid.CreateVersion7(), 48.1, 11.5, "Cara", null, new byte[] { 7, 7 }, "anna"), Token))!;

    private async Task<string> CreateDeviceAsync()
    {
        var id = $"van-{Interlocked.Increment(ref _devices):D4}";
        Assert.NotNull(await database.Devices.CreateAsync(id, "van", new byte[32], Token));
        return id;
    }
}
