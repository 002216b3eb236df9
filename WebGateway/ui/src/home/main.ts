const health = document.getElementById('health')!;

/** Says whether this node is ready to serve. */
async function showHealth(): Promise<void> {
  try {
    const response = await fetch('/health/ready', { cache: 'no-store', signal: AbortSignal.timeout(10_000) });
    health.dataset.health = response.ok ? 'good' : 'bad';
    health.textContent = response.ok ? 'Ready: everything is up.' : 'Not ready: look here for the reason.';
  } catch {
    health.dataset.health = 'bad';
    health.textContent = 'No answer from the server.';
  }
}

// The examples name this server, so that they can be copied as they are.
for (const code of document.querySelectorAll('pre code')) {
  code.textContent = code.textContent
    .replace("'/sdk/", `'${location.origin}/sdk/`)
    .replace('location.origin', `'${location.origin}'`)
    .replace('-h localhost', `-h ${location.hostname}`);
}
void showHealth();
