using System.Text.Json;
using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Contracts.Tests.Requests;

public sealed class RequestTransitionsTests
{
    private static readonly HashSet<(RequestStatus, RequestStatus)> _allowed =
    [
        (RequestStatus.Pending, RequestStatus.Assigned),
        (RequestStatus.Assigned, RequestStatus.EnRoute),
        (RequestStatus.EnRoute, RequestStatus.Arrived),
        (RequestStatus.Arrived, RequestStatus.InProgress),
        (RequestStatus.InProgress, RequestStatus.Completed),
        (RequestStatus.Pending, RequestStatus.Cancelled),
        (RequestStatus.Assigned, RequestStatus.Cancelled),
        (RequestStatus.EnRoute, RequestStatus.Cancelled),
        (RequestStatus.Arrived, RequestStatus.Cancelled),
        (RequestStatus.InProgress, RequestStatus.Cancelled),
    ];

    [Fact]
    public void Allows_one_step_forward_or_cancelled_and_nothing_else()
    {
        foreach (var from in Enum.GetValues<RequestStatus>())
        {
            foreach (var to in Enum.GetValues<RequestStatus>())
            {
                Assert.Equal(_allowed.Contains((from, to)), RequestTransitions.IsAllowed(from, to));
            }
        }
    }

    [Fact]
    public void Nothing_is_allowed_for_a_number_that_is_no_status()
    {
        var unknown = (RequestStatus)7;

        Assert.All(Enum.GetValues<RequestStatus>(), s => Assert.False(RequestTransitions.IsAllowed(s, unknown)));
    }

    [Fact]
    public void The_operator_is_shown_from_assigned_until_it_is_over()
    {
        var shown = Enum.GetValues<RequestStatus>().Where(s => s.ShowsOperator());

        Assert.Equal(
            [RequestStatus.Assigned, RequestStatus.EnRoute, RequestStatus.Arrived, RequestStatus.InProgress], shown);
    }

    [Fact]
    public void Names_are_the_same_on_the_wire_and_in_json()
    {
        foreach (var status in Enum.GetValues<RequestStatus>())
        {
            Assert.True(RequestTransitions.TryParse(status.ToWire(), out var parsed));
            Assert.Equal(status, parsed);
            Assert.Equal($"\"{status.ToWire()}\"", JsonSerializer.Serialize(status));
            Assert.Equal(status, JsonSerializer.Deserialize<RequestStatus>($"\"{status.ToWire()}\""));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Pending")]
    [InlineData("enroute")]
    [InlineData("0")]
    public void Other_names_are_refused(string? text) => Assert.False(RequestTransitions.TryParse(text, out _));

    [Fact]
    public void Numbers_are_no_status_in_json() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RequestStatus>("1"));
}
