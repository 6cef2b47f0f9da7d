"use strict";

// What docs/rsocket.md shows: a client of any Sluice server, with rsocket-js as it is.
const { RSocketConnector } = require("rsocket-core");
const { TcpClientTransport } = require("rsocket-tcp-client");
const { WebsocketClientTransport } = require("rsocket-websocket-client");
const composite = require("rsocket-composite-metadata");

const ROUTING = composite.WellKnownMimeType.MESSAGE_RSOCKET_ROUTING;

function connect(url) {
  const { protocol, hostname, port } = new URL(url);
  const transport = protocol === "tcp:"
    ? new TcpClientTransport({ connectionOptions: { host: hostname, port: Number(port) } })
    : new WebsocketClientTransport({ url, wsCreator: (at) => new (require("ws"))(at) });
  const metadataMimeType = "message/x.rsocket.composite-metadata.v0";
  return new RSocketConnector({ setup: { metadataMimeType }, transport }).connect();
}

function request(route, data = "") {
  const metadata = composite.encodeCompositeMetadata([[ROUTING, composite.encodeRoute(route)]]);
  return { data: Buffer.from(data), metadata };
}

// The answer's text; "" once a channel has accepted what was sent.
function ask(rsocket, route, data) {
  return new Promise((resolve, reject) => {
    let answer = null;
    rsocket.requestResponse(request(route, data), {
      onNext: (payload) => resolve(answer = String(payload.data ?? "")),
      onComplete: () => answer ?? resolve(null),
      onError: reject,
      onExtension() {},
    });
  });
}

// Calls onText for each frame. Returns what asks for more, or cancels.
function receive(rsocket, route, count, onText, data) {
  let stream;
  const ended = new Promise((resolve, reject) => {
    stream = rsocket.requestStream(request(route, data), count, {
      onNext: (payload, last) => {
        onText(String(payload.data ?? ""), entries(payload));
        if (last) resolve();
      },
      onComplete: resolve,
      onError: reject,
      onExtension() {},
    });
  });
  return { stream, ended };
}

// The metadata of a frame: its source and header, or its offset.
function entries(payload) {
  const found = {};
  for (const entry of payload.metadata ? composite.decodeCompositeMetadata(payload.metadata) : []) {
    found[entry.mimeType ?? entry.type] = String(entry.content);
  }
  return found;
}

module.exports = { connect, request, ask, receive };
