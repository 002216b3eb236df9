using ArtMqtt.Store.Changes;
using ArtMqtt.WebGateway.Changes.Filters;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Filters of row changes, against one row of requests and one of devices.</summary>
public sealed class RealtimeFilterTests
{
    // id, status, device_id, pickup_lat, pickup_lng, customer_name, note, created_at, updated_at, version
    private static readonly string?[] _request =
    [
        "6f1b1c5e-0000-4000-8000-00000000000a", "en_route", "truck-7", "48.1", "-11.5", null, "50% off, \"now\" (or\\never)",
        "2026-01-02T03:04:05.678+00:00", "2026-01-02T03:04:06+00:00", "10",
    ];

    private static readonly string?[] _device = ["truck-7", null, "true", "2026-01-02T03:04:05+00:00"];

    [Theory]
    [InlineData("", true)]
    [InlineData("  ", true)]
    [InlineData("status=eq.en_route", true)]
    [InlineData("status=eq.En_route", false)]
    [InlineData("id=eq.6F1B1C5E-0000-4000-8000-00000000000A", true)]
    [InlineData("id=eq.6f1b1c5e000040008000000000000000", false)]
    [InlineData("version=eq.10", true)]
    [InlineData("version=eq.010", true)]
    [InlineData("pickup_lat=eq.48.10", true)]
    [InlineData("customer_name=eq.Ada", null)]
    [InlineData("customer_name=eq.null", null)]
    [InlineData("status=neq.pending", true)]
    [InlineData("status=neq.en_route", false)]
    [InlineData("customer_name=neq.Ada", null)]
    [InlineData("version=lt.9", false)]
    [InlineData("version=lt.11", true)]
    [InlineData("version=lt.10", false)]
    [InlineData("version=lte.10", true)]
    [InlineData("version=gt.9", true)]
    [InlineData("version=gt.10", false)]
    [InlineData("version=gte.10", true)]
    [InlineData("pickup_lng=lt.-11", true)]
    [InlineData("pickup_lng=gt.-1.15e1", false)]
    [InlineData("status=gt.assigned", true)]
    [InlineData("created_at=gte.2026-01-02T04:04:05.678+01:00", true)]
    [InlineData("created_at=gt.2026-01-02T03:04:05.678Z", false)]
    [InlineData("created_at=lt.2026-01-03", true)]
    [InlineData("created_at=eq.2026-01-02 03:04:05.678+00", true)]
    [InlineData("customer_name=lt.Z", null)]
    [InlineData("status=in.(pending,en_route)", true)]
    [InlineData("status=in.(pending, en_route )", true)]
    [InlineData("status=in.(pending,assigned)", false)]
    [InlineData("version=in.(1,10)", true)]
    [InlineData("customer_name=in.(a,b)", null)]
    [InlineData("status=in.(pending,null)", null)]
    [InlineData("status=in.(en_route,null)", true)]
    [InlineData("note=in.(\"a,b\",\"50% off, \\\"now\\\" (or\\\\never)\")", true)]
    [InlineData("note=eq.\"50% off, \\\"now\\\" (or\\\\never)\"", true)]
    [InlineData("status=like.en%", true)]
    [InlineData("status=like.EN%", false)]
    [InlineData("status=like.route", false)]
    [InlineData("status=like.%rout_", true)]
    [InlineData("status=like.en\\_route", true)]
    [InlineData("status=like.en\\%route", false)]
    [InlineData("note=like.50\\% off%", true)]
    [InlineData("note=like.\"%, %\"", true)]
    [InlineData("status=like.e.*", false)]
    [InlineData("status=ilike.EN%", true)]
    [InlineData("customer_name=like.%", null)]
    [InlineData("status=match.^en", true)]
    [InlineData("status=match.ROUTE$", false)]
    [InlineData("status=match.[aeiou]_", false)]
    [InlineData("status=imatch.ROUTE$", true)]
    [InlineData("status=match.\"(en|on)_r{1,2}\"", true)]
    [InlineData("customer_name=match..", null)]
    [InlineData("customer_name=is.null", true)]
    [InlineData("status=is.NULL", false)]
    [InlineData("customer_name=not.is.null", false)]
    [InlineData("customer_name=isdistinct.Ada", true)]
    [InlineData("customer_name=isdistinct.null", false)]
    [InlineData("status=isdistinct.en_route", false)]
    [InlineData("status=isdistinct.null", true)]
    [InlineData("status=not.eq.pending", true)]
    [InlineData("status=not.in.(pending,en_route)", false)]
    [InlineData("status=not.in.(pending,null)", null)]
    [InlineData("status=not.like.en%", false)]
    [InlineData("customer_name=not.eq.Ada", null)]
    [InlineData("status=eq.en_route,version=gt.9", true)]
    [InlineData("status=eq.en_route, version=gt.10", false)]
    [InlineData("version=gt.10,customer_name=eq.Ada", false)]
    [InlineData("version=gt.9,customer_name=eq.Ada", null)]
    [InlineData("or(status=eq.pending,status=eq.en_route)", true)]
    [InlineData("or(status=eq.pending,version=eq.9)", false)]
    [InlineData("or(customer_name=eq.Ada,version=eq.10)", true)]
    [InlineData("or(customer_name=eq.Ada,version=eq.9)", null)]
    [InlineData("device_id=eq.truck-7,or(status=in.(pending,assigned),and(version=gte.10,status=eq.en_route))", true)]
    [InlineData("not.or(status=eq.pending,version=eq.9)", true)]
    [InlineData("not.and(status=eq.en_route,version=eq.10)", false)]
    public void Requests_are_filtered_as_the_database_would(string text, bool? expected) =>
        Assert.Equal(expected, Test(text, PublishedTable.Requests, _request));

    [Theory]
    [InlineData("is_enabled=eq.true", true)]
    [InlineData("is_enabled=eq.f", false)]
    [InlineData("is_enabled=is.true", true)]
    [InlineData("is_enabled=is.FALSE", false)]
    [InlineData("is_enabled=is.unknown", false)]
    [InlineData("is_enabled=not.is.unknown", true)]
    [InlineData("name=is.null,is_enabled=in.(true)", true)]
    public void Truth_values_are_filtered(string text, bool? expected) =>
        Assert.Equal(expected, Test(text, PublishedTable.Devices, _device));

    [Theory]
    [InlineData("undefined", "is not column=operator.value")]
    [InlineData("status", "is not column=operator.value")]
    [InlineData("status=en_route", "is not column=operator.value")]
    [InlineData("customer_token_hash=eq.1", "no column 'customer_token_hash'")]
    [InlineData("request_id=eq.1", "no column 'request_id'")]
    [InlineData("status=foo.1", "no operator 'foo'")]
    [InlineData("status=EQ.1", "no operator 'EQ'")]
    [InlineData("id=eq.7", "not a value of id (uuid)")]
    [InlineData("version=gt.many", "not a value of version (int4)")]
    [InlineData("created_at=lt.yesterday", "not a value of created_at (timestamptz)")]
    [InlineData("status=in.pending", "values in parentheses")]
    [InlineData("status=in.()", "values in parentheses")]
    [InlineData("status=is.true", "`is` takes null")]
    [InlineData("status=is.maybe", "`is` takes null")]
    [InlineData("version=like.1%", "needs a column of text")]
    [InlineData("status=match.(", "parentheses do not match")]
    [InlineData("status=match.[", "not a regular expression")]
    [InlineData("status=match.\"(?=en)\"", "not a regular expression")]
    [InlineData("status=match.\"(a)\\\\1\"", "not a regular expression")]
    [InlineData("status=match.\"((a{50}){50}){50}\"", "repetitions")]
    [InlineData("status=match.\"a{1,5000}\"", "repetitions")]
    [InlineData("status=match.a{99999}", "repetitions")]
    [InlineData("status=eq.a,,version=eq.1", "nothing between two commas")]
    [InlineData("or()", "nothing between two commas")]
    [InlineData("or(status=eq.a", "parentheses do not match")]
    [InlineData("status=eq.\"a", "quotes or parentheses do not match")]
    [InlineData("or(or(or(or(or(or(status=eq.a))))))", "nested 5 deep")]
    public void What_cannot_be_understood_is_explained(string text, string reason) => Assert.Contains(
        reason, Assert.Throws<FilterException>(() => FilterParser.Parse(text, PublishedTable.Requests)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_list_is_bounded()
    {
        var list = string.Join(',', Enumerable.Range(0, 101));
        Assert.Throws<FilterException>(() => FilterParser.Parse($"version=in.({list})", PublishedTable.Requests));
    }

    [Theory]
    [InlineData("status=eq.pending", 1, "pending")]
    [InlineData("version=eq.007", 9, "7")]
    [InlineData("version=gt.5,id=eq.6F1B1C5E-0000-4000-8000-00000000000A", 0, "6f1b1c5e-0000-4000-8000-00000000000a")]
    [InlineData("status=in.(pending,assigned),device_id=eq.truck-7", 2, "truck-7")]
    [InlineData("status=in.(pending,assigned)", 1, "pending assigned")]
    public void Equality_is_known_beforehand(string text, int column, string values)
    {
        var required = FilterParser.Parse(text, PublishedTable.Requests)!.Required!;

        Assert.Equal(column, required.Column);
        Assert.Equal(values.Split(' '), required.Values);
    }

    [Theory]
    [InlineData("status=neq.pending")]
    [InlineData("status=not.eq.pending")]
    [InlineData("or(status=eq.pending,version=eq.1)")]
    [InlineData("pickup_lat=eq.48.1")]
    [InlineData("created_at=eq.2026-01-02")]
    public void Other_filters_are_looked_at_for_each_row(string text) =>
        Assert.Null(FilterParser.Parse(text, PublishedTable.Requests)!.Required);

    private static bool? Test(string text, PublishedTable table, string?[] row) =>
        FilterParser.Parse(text, table) is { } filter ? filter.Test(row) : true;
}
