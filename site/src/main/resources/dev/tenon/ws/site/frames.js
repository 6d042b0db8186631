'use strict';
// Frames of RFC 6455: bytes to frames and back. Knows neither the page nor the network.

const OPCODES = {0: 'continuation', 1: 'text', 2: 'binary', 8: 'Close', 9: 'ping', 10: 'pong'};

// RFC 6455 §7.4.1, and the registry of close codes
const CLOSE_CODES = [
  [1000, 'normal closure', true], [1001, 'going away: a page is left, a server stops', true],
  [1002, 'protocol error', true], [1003, 'data of a type that is not accepted', true],
  [1005, 'no code was in the Close frame', false], [1006, 'the connection ended without a Close frame', false],
  [1007, 'data that does not fit its type, such as text that is not UTF-8', true], [1008, 'policy violation', true],
  [1009, 'message too big', true], [1010, 'an extension that the client needs was not agreed on', true],
  [1011, 'internal error', true], [1012, 'service restart', true], [1013, 'try again later', true],
  [1014, 'bad gateway', true], [1015, 'TLS failed', false],
  ['3000–3999', 'registered with IANA by libraries and applications', true], ['4000–4999', 'private use', true],
];

function isSendable(code) {
  return code >= 3000 && code <= 4999 || code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
}

function isUtf8(bytes) {
  try { new TextDecoder('utf-8', {fatal: true}).decode(bytes); return true; } catch (e) { return false; }
}

/** What RFC 6455 forbids in a header, or null. */
function headerProblem(f, sender, hasDeflate) {
  const control = f.opcode > 7;
  if (f.rsv & (hasDeflate && !control && f.opcode !== 0 ? 3 : 7)) return 'A reserved bit that no extension owns (§5.2): 1002';
  if (!(f.opcode in OPCODES)) return 'A reserved opcode (§5.2): 1002';
  if (control && !f.fin) return 'A fragmented control frame (§5.5): 1002';
  if (control && f.lengthCode > 125) return 'A control frame of more than 125 bytes (§5.5): 1002';
  if (f.lengthCode === 127 && f.length >= 2n ** 63n) return 'A length with the top bit set (§5.2): 1002';
  if (f.lengthCode === 126 && f.length < 126n || f.lengthCode === 127 && f.length < 65536n) return 'A length that does not use the fewest bytes (§5.2): 1002';
  if (f.masked !== (sender === 'client')) return sender === 'client' ? 'A frame of a client without a mask (§5.1): 1002' : 'A frame of a server with a mask (§5.1): 1002';
  return null;
}

function closeProblem(payload) {
  if (payload.length === 0) return null;
  if (payload.length === 1) return 'A Close frame with half a code (§5.5.1): 1002';
  if (!isSendable(payload[0] << 8 | payload[1])) return 'A close code that must not be sent (§7.4): 1002';
  return isUtf8(payload.subarray(2)) ? null : 'A reason that is not UTF-8 (§5.5.1): 1007';
}

/** All frames at the beginning of some bytes; the last one may be incomplete or have a problem, and then ends the list. */
function decodeFrames(bytes, sender, hasDeflate) {
  const frames = [];
  let at = 0, inMessage = false;
  while (at < bytes.length) {
    const f = decodeFrame(bytes, at, sender, hasDeflate);
    frames.push(f);
    if (f.missing || f.problem) break;
    if (f.opcode < 8) {
      if (f.opcode === 0 && !inMessage) f.problem = 'A continuation without a message (§5.4): 1002';
      if (f.opcode !== 0 && inMessage) f.problem = 'A new message within another (§5.4): 1002';
      inMessage = !f.fin;
    } else if (f.opcode === 8) f.problem = closeProblem(f.payload);
    if (f.problem) break;
    at = f.end;
  }
  return frames;
}

function decodeFrame(bytes, at, sender, hasDeflate) {
  const left = bytes.length - at;
  if (left < 2) return {at, missing: 2 - left};
  const f = {at, fin: bytes[at] >> 7, rsv: bytes[at] >> 4 & 7, opcode: bytes[at] & 15, masked: bytes[at + 1] > 127, lengthCode: bytes[at + 1] & 127};
  const lengthBytes = f.lengthCode === 126 ? 2 : f.lengthCode === 127 ? 8 : 0;
  const header = 2 + lengthBytes + (f.masked ? 4 : 0);
  if (left < header) return {at, missing: header - left};
  f.length = BigInt(f.lengthCode);
  if (lengthBytes) {
    f.length = 0n;
    for (let i = 0; i < lengthBytes; i++) f.length = f.length << 8n | BigInt(bytes[at + 2 + i]);
  }
  f.key = f.masked ? bytes.slice(at + header - 4, at + header) : null;
  f.problem = headerProblem(f, sender, hasDeflate);
  if (f.problem) { f.payload = f.wire = new Uint8Array(0); return f; }
  const lacking = f.length - BigInt(left - header);
  if (lacking > 0n) { f.missing = Number(lacking); f.length = BigInt(left - header); }
  f.wire = bytes.slice(at + header, at + header + Number(f.length));
  f.payload = f.masked ? f.wire.map((b, i) => b ^ f.key[i % 4]) : f.wire;
  f.end = at + header + Number(f.length);
  return f;
}

/** One frame as bytes. */
function encodeFrame({fin, rsv, opcode}, payload, key) {
  const n = payload.length;
  const length = n < 126 ? [n] : n < 65536 ? [126, n >> 8, n & 255] : [127, 0, 0, 0, 0, n >>> 24, n >> 16 & 255, n >> 8 & 255, n & 255];
  if (key) length[0] |= 128;
  const body = key ? payload.map((b, i) => b ^ key[i % 4]) : payload;
  return new Uint8Array([fin << 7 | rsv << 4 | opcode, ...length, ...(key || []), ...body]);
}

/** A message as frames of at most `fragment` bytes, 0 for one frame. `key` makes a masking key for each, or is null. */
function encodeMessage(opcode, payload, fragment, key, compressed) {
  const size = opcode > 7 || fragment < 1 ? Math.max(1, payload.length) : fragment, frames = [];
  for (let from = 0; from === 0 || from < payload.length; from += size) {
    const piece = payload.slice(from, from + size);
    frames.push(encodeFrame({fin: from + size >= payload.length ? 1 : 0, rsv: compressed && from === 0 ? 4 : 0, opcode: from === 0 ? opcode : 0}, piece, key && key()));
  }
  return frames;
}

async function collect(stream) {
  const chunks = [], reader = stream.getReader();
  try {
    for (;;) {
      const {done, value} = await reader.read();
      if (done) break;
      chunks.push(...value);
    }
  } catch (e) {
    if (!chunks.length) throw e; // a final block ends the stream before the bytes that RFC 7692 §7.2.2 appends
  }
  return new Uint8Array(chunks);
}

/** RFC 7692 §7.2.1: a browser's compressor ends with a final block, so one byte 0x00 follows instead of the end that is cut off. */
async function deflate(payload) {
  const data = await collect(new Blob([payload]).stream().pipeThrough(new CompressionStream('deflate-raw')));
  return new Uint8Array([...data, 0]);
}

/** RFC 7692 §7.2.2, for a message that refers to none before it. */
function inflate(data) {
  const whole = new Uint8Array([...data, 0, 0, 255, 255, 1, 0, 0, 255, 255]);
  return collect(new Blob([whole]).stream().pipeThrough(new DecompressionStream('deflate-raw')));
}

function hex(bytes) { return Array.from(bytes, b => b.toString(16).padStart(2, '0')).join(' '); }

/** Bytes from hexadecimal digits, or null if there is anything else. */
function unhex(text) {
  const digits = text.replace(/0x|[\s,:]/gi, '');
  return /^([0-9a-f]{2})*$/i.test(digits) ? new Uint8Array((digits.match(/../g) || []).map(x => parseInt(x, 16))) : null;
}
