using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ArtMqtt.Node.Commands;

/// <summary>The REST interface of a running node, with its errors in words.</summary>
internal sealed class NodeApi : IDisposable
{
    private readonly HttpClient _http;

    public NodeApi(Uri address, string token)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        try
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        catch (FormatException)
        {
            throw new CommandException("The token is none: it must be one line.");
        }
    }

    /// <summary>Calls the node.</summary>
    /// <param name="method">GET, POST, PUT or DELETE.</param>
    /// <param name="path">Path with query, without a leading slash.</param>
    /// <param name="body">What is sent as JSON, or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it answered; undefined when that is nothing.</returns>
    /// <exception cref="CommandException">It is not there, or refused.</exception>
    public async Task<JsonElement> CallAsync(
        string method, string path, object? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Content = body is null ? null : JsonContent.Create(body, options: JsonSerializerOptions.Web);
            using var answer = await _http.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                throw new CommandException(Explain(answer.StatusCode, text));
            }

            return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CommandException($"No node answers at {_http.BaseAddress}: {e.Message} Start it, or give --url.");
        }
    }

    /// <summary>All of a list that comes in pages.</summary>
    /// <param name="path">Path without query, without a leading slash.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CommandException">It is not there, or refused.</exception>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var items = new List<JsonElement>();
        for (string? after = null; ;)
        {
            var page = await CallAsync(
                "GET", $"{path}?limit=1000{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", null, cancellationToken);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            after = page.GetProperty("next").GetString();
            if (after is null)
            {
                return items;
            }
        }
    }

    /// <summary>Begins a download; the answer's content is still to be read.</summary>
    /// <param name="path">Path with query, without a leading slash.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandException">It refused.</exception>
    /// <exception cref="HttpRequestException">It is not there, or too busy: asking again may help.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            var explanation = Explain(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
            throw answer.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
                ? new HttpRequestException(explanation)
                : new CommandException(explanation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private string Explain(HttpStatusCode status, string text)
    {
        if (status is HttpStatusCode.Unauthorized)
        {
            return $"{_http.BaseAddress} does not accept the token. Give the --token-file of that node.";
        }

        try
        {
            var problem = JsonDocument.Parse(text).RootElement;
            return $"{problem.GetProperty("detail").GetString()} ({problem.GetProperty("code").GetString()})";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"{_http.BaseAddress} answered {(int)status}; is it a node with the role gateway?";
        }
    }
}
