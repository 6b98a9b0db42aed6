/** Calls of the server's API: JSON in and out, errors with a code, the session's CSRF token on every change. */

/** What the server says when it refuses. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** Stable word for programs; `offline` where no server answered. */
    readonly code: string,
    message: string,
    /** What the error is about: a field, a line, a place. */
    readonly at: string | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

type Query = Record<string, string | number | boolean | null | undefined>;

let csrfToken = '';

/** The token of the session that is signed in; empty without one. */
export function rememberCsrf(token: string): void {
  csrfToken = token;
}

/** `path?a=1`, without what is not set. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The error that an answer's body tells, or one by its status alone. */
export function errorOf(status: number, text: string): ApiError {
  const body = parse(text) as { error?: { code?: string; message?: string; at?: string | null } } | null;
  const told = body?.error;
  return new ApiError(status, told?.code ?? `http_${status}`, told?.message ?? '', told?.at ?? null);
}

interface Sent {
  headers: Record<string, string>;
  body?: BodyInit;
  signal?: AbortSignal;
}

async function send(method: Method, path: string, { headers, ...sent }: Sent) {
  if (method !== 'GET') headers['x-csrf-token'] = csrfToken;
  const answer = await fetch(path, { method, headers, credentials: 'same-origin', ...sent }).catch(() => {
    throw new ApiError(0, 'offline', '');
  });
  const text = await answer.text();
  if (!answer.ok) throw errorOf(answer.status, text);
  return parse(text);
}

export async function get<Answer>(path: string, query?: Query, signal?: AbortSignal): Promise<Answer> {
  const headers = { accept: 'application/json' };
  return (await send('GET', address(path, query), { headers, signal })) as Answer;
}

export async function change<Answer>(
  method: Exclude<Method, 'GET'>,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const text = body === undefined ? undefined : JSON.stringify(body);
  return (await send(method, path, { headers, body: text, signal })) as Answer;
}

/** A file as it is, with what share of it is sent as it goes. */
export function upload<Answer>(path: string, file: Blob, onShare: (share: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('x-csrf-token', csrfToken);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onShare(event.loaded / event.total);
    };
    request.onerror = () => reject(new ApiError(0, 'offline', ''));
    request.onload = () => {
      if (request.status < 400) resolve(parse(request.responseText) as Answer);
      else reject(errorOf(request.status, request.responseText));
    };
    request.send(file);
  });
}

/** The file of an answer; one that breaks off is no file. */
async function fileOf(asked: Promise<Response>): Promise<[Blob, Headers]> {
  const offline = () => {
    throw new ApiError(0, 'offline', '');
  };
  const answer = await asked.catch(offline);
  if (!answer.ok) throw errorOf(answer.status, await answer.text());
  return [await answer.blob().catch(offline), answer.headers];
}

/** Hands a file to the browser to keep. */
function keep(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Asks for a file and hands it to the browser to keep. */
export async function download(path: string, name: string): Promise<void> {
  const headers = { 'x-csrf-token': csrfToken };
  const [file] = await fileOf(fetch(path, { method: 'POST', headers, credentials: 'same-origin' }));
  keep(file, name);
}

/** The name that a `content-disposition` gives a file, in any language (RFC 5987). */
export function nameOf(disposition: string | null): string {
  const encoded = disposition?.match(/filename\*=UTF-8''([^;]+)/)?.[1];
  return encoded ? decodeURIComponent(encoded) : 'customers';
}

/** Asks for a file that has a name of its own, and hands it to the browser to keep. */
export async function downloadNamed(path: string): Promise<void> {
  const [file, headers] = await fileOf(fetch(path, { credentials: 'same-origin' }));
  keep(file, nameOf(headers.get('content-disposition')));
}
