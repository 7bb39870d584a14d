// A small server on onnxruntime-node, as one writes it in an afternoon: what scripts/bench serving
// compares with. Usage: node bench-node.mjs PORT GRAPH; needs onnxruntime-node beside it.
// POST /json   {"inputs": [{"name", "datatype", "shape", "data"}]}
// POST /bytes  the tensors' bytes, one after the other, as the header X-Inputs lists them
import { createServer } from "node:http";
import { InferenceSession, Tensor } from "onnxruntime-node";

const [port, graph] = process.argv.slice(2);
const session = await InferenceSession.create(graph);
const kinds = { FP32: ["float32", Float32Array], INT64: ["int64", BigInt64Array] };

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function fromJson(content) {
  const feeds = {};
  for (const { name, datatype, shape, data } of JSON.parse(content).inputs) {
    const [type, array] = kinds[datatype];
    const values = type === "int64" ? data.map(BigInt) : data;
    feeds[name] = new Tensor(type, array.from(values), shape);
  }
  return feeds;
}

function fromBytes(content, inputs) {
  const feeds = {};
  let at = content.byteOffset;
  const whole = at % 8 === 0 ? content.buffer : content.buffer.slice((at = 0) + content.byteOffset);
  for (const { name, datatype, shape } of JSON.parse(inputs)) {
    const [type, array] = kinds[datatype];
    const count = shape.reduce((a, b) => a * b, 1);
    feeds[name] = new Tensor(type, new array(whole, at, count), shape);
    at += count * array.BYTES_PER_ELEMENT;
  }
  return feeds;
}

function toJson(results) {
  const outputs = Object.entries(results).map(([name, { dims, data }]) => ({
    name, shape: dims, data: Array.from(data, Number),
  }));
  return Buffer.from(JSON.stringify({ outputs }));
}

function toBytes(results) {
  return Buffer.concat(Object.values(results).map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
}

createServer({ noDelay: true }, async (request, response) => {
  try {
    const content = await body(request);
    const binary = request.url === "/bytes";
    const feeds = binary ? fromBytes(content, request.headers["x-inputs"]) : fromJson(content);
    const results = await session.run(feeds);
    const answer = binary ? toBytes(results) : toJson(results);
    response.writeHead(200, { "Content-Length": answer.length }).end(answer);
  } catch (e) {
    const answer = String(e);
    response.writeHead(500, { "Content-Length": Buffer.byteLength(answer) }).end(answer);
  }
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
