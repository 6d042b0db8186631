'use strict';
const $ = id => document.getElementById(id);
const MOST_BYTES = 40;

function el(tag, className, text) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = text;
  return e;
}

const bin = (value, width) => BigInt(value).toString(2).padStart(width, '0');
const count = (n, word) => n + ' ' + word + (Number(n) === 1 ? '' : 's');

// Drawing

function fieldsOf(f) {
  const fields = [{name: 'FIN', kind: 'fin', bits: bin(f.fin, 1)}];
  for (const i of [1, 2, 3]) fields.push({name: 'RSV' + i, kind: 'rsv', bits: bin(f.rsv >> 3 - i & 1, 1)});
  fields.push({name: 'opcode', kind: 'opcode', bits: bin(f.opcode, 4), value: OPCODES[f.opcode] || f.opcode});
  fields.push({name: 'MASK', kind: 'mask', bits: bin(f.masked ? 1 : 0, 1)});
  fields.push({name: 'Payload len', kind: 'len', bits: bin(f.lengthCode, 7), value: f.lengthCode});
  const width = f.lengthCode === 126 ? 16 : f.lengthCode === 127 ? 64 : 0;
  if (width) fields.push({name: 'Extended payload length', kind: 'len', bits: bin(f.length, width), value: f.length});
  if (f.masked) fields.push({name: 'Masking-key', kind: 'key', bits: Array.from(f.key, k => bin(k, 8)).join(''), value: hex(f.key)});
  f.wire.slice(0, MOST_BYTES).forEach((b, i) => {
    const plain = f.payload[i], glyph = plain > 32 && plain < 127 ? ' “' + String.fromCharCode(plain) + '”' : '';
    fields.push({name: (f.masked ? hex([b]) + ' ⊕ ' + hex([f.key[i % 4]]) + ' = ' : '') + hex([plain]) + glyph, kind: 'data', bits: bin(b, 8)});
  });
  return fields;
}

function diagram(f, columns) {
  const all = el('div', 'diagram');
  let row = null, column = columns;
  for (const field of fieldsOf(f)) {
    for (let bits = field.bits, first = true; bits; first = false) {
      if (column === columns) { row = el('div', 'bitrow'); row.style.setProperty('--cols', columns); all.append(row); column = 0; }
      const fits = Math.min(bits.length, columns - column), part = bits.slice(0, fits);
      const seg = el('div', 'seg ' + field.kind + (fits === 1 ? ' thin' : ''));
      seg.style.gridColumn = (column + 1) + ' / span ' + fits;
      seg.dataset.field = field.name; seg.dataset.bits = part;
      const name = el('span', 'name', field.name + (first ? '' : ' (continued)'));
      if (first && fits > 3 && field.value !== undefined) name.append(el('em', '', field.value));
      const cells = el('span', 'bits');
      for (const b of part) cells.append(el('i', b === '1' ? 'one' : '', b));
      seg.append(name, cells); row.append(seg);
      column += fits; bits = bits.slice(fits);
    }
  }
  return all;
}

function ruler(columns) {
  const r = el('div', 'ruler'); r.style.setProperty('--cols', columns); r.setAttribute('aria-hidden', 'true');
  for (let i = 0; i < columns; i++) r.append(el('span', '', i % 10 ? '\u00a0' : i / 10));
  for (let i = 0; i < columns; i++) r.append(el('span', '', i % 10));
  return r;
}

function title(f, n) {
  if (f.fin === undefined) return 'Frame ' + n + ': its header is not complete, ' + count(f.missing, 'byte') + ' or more are missing';
  return 'Frame ' + n + ': ' + (OPCODES[f.opcode] || 'opcode ' + f.opcode) + (f.opcode < 8 && !f.fin ? ', more follows' : '')
    + (f.rsv & 4 ? ', compressed' : '') + ', ' + count(f.length, 'byte') + ' of payload' + (f.missing ? ', ' + count(f.missing, 'byte') + ' missing' : '');
}

function card(f, n) {
  const section = el('section', 'card frame');
  section.append(el('h2', '', title(f, n)));
  if (f.fin !== undefined) {
    const columns = $('frames').clientWidth < 620 ? 16 : 32;
    section.append(ruler(columns), diagram(f, columns));
    if (f.wire.length > MOST_BYTES) section.append(el('p', '', '… and ' + count(f.wire.length - MOST_BYTES, 'byte') + ' more'));
  }
  if (f.problem) section.append(el('p', 'problem', f.problem));
  return section;
}

// Messages

async function text(opcode, bytes, compressed) {
  if (opcode === 8) return bytes.length < 2 ? 'without a code' : (bytes[0] << 8 | bytes[1]) + ' “' + new TextDecoder().decode(bytes.subarray(2)) + '”';
  let data = bytes;
  if (compressed) {
    try { data = await inflate(bytes); } catch (e) { return 'cannot be inflated alone: it refers to a message before it, or is malformed'; }
  }
  const inflated = compressed ? ' (' + count(bytes.length, 'byte') + ' inflated to ' + data.length + ')' : '';
  if (opcode !== 1) return hex(data.slice(0, 64)) + (data.length > 64 ? ' …' : '') + inflated;
  return (isUtf8(data) ? '“' + new TextDecoder().decode(data) + '”' : 'not UTF-8 (§8.1): 1007') + inflated;
}

async function messages(frames) {
  const lines = [];
  let parts = [], first = null;
  for (const f of frames) {
    if (f.fin === undefined || f.problem || f.missing) break;
    if (f.opcode > 7) { lines.push([OPCODES[f.opcode], await text(f.opcode, f.payload)]); continue; }
    if (f.opcode !== 0) { first = f; parts = []; }
    parts.push(...f.payload);
    if (f.fin) lines.push([OPCODES[first.opcode] + ' message', await text(first.opcode, new Uint8Array(parts), first.rsv & 4)]);
  }
  const section = el('section', 'card message');
  section.append(el('h2', '', 'What arrives'));
  for (const [name, content] of lines) { const p = el('p', '', name + ': '); p.append(el('b', '', content)); section.append(p); }
  return lines.length ? section : '';
}

async function show(bytes, sender) {
  const hasDeflate = bytes.some(b => b >> 4 & 4) && $('deflate').checked || (bytes[0] & 0x70) === 0x40;
  const frames = decodeFrames(bytes, sender, hasDeflate);
  $('frames').replaceChildren(...frames.map((f, i) => card(f, i + 1)), await messages(frames));
  $('frames').dataset.count = frames.length;
}

// Controls

async function encode() {
  const opcode = +$('opcode').value, role = $('role').value;
  let payload = new TextEncoder().encode($('message').value);
  if (opcode === 8) payload = new Uint8Array([$('code').value >> 8, $('code').value & 255, ...payload]);
  if (opcode > 7) payload = payload.slice(0, 125);
  const compressed = opcode < 8 && $('deflate').checked;
  if (compressed) payload = await deflate(payload);
  const key = role === 'client' ? () => crypto.getRandomValues(new Uint8Array(4)) : null;
  const bytes = new Uint8Array(encodeMessage(opcode, payload, +$('fragment').value, key, compressed).flatMap(frame => Array.from(frame)));
  $('hex').value = hex(bytes);
  $('sender').value = role;
  await show(bytes, role);
}

async function decode() {
  const bytes = unhex($('hex').value);
  if (bytes) await show(bytes, $('sender').value);
  else $('frames').replaceChildren(el('p', 'problem', 'These are not bytes in hexadecimal: each byte has two digits of 0-9 and a-f.'));
}

for (const [code, meaning, sendable] of CLOSE_CODES) {
  const row = el('tr');
  row.append(el('td', '', code), el('td', '', meaning), el('td', '', sendable ? 'yes' : 'no'));
  $('codes').tBodies[0].append(row);
  if (sendable && typeof code === 'number') $('code').append(el('option', '', code));
}
$('code').append(el('option', '', 3000), el('option', '', 4000));
$('opcode').onchange = () => { $('codeLabel').hidden = $('opcode').value !== '8'; };
$('encode').onclick = encode;
$('decode').onclick = decode;
decode();
