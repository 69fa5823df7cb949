"""HTTP/2, as the other side speaks it: one connection, agreed on in the TLS handshake."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import h2.config
import h2.connection
import h2.events

from tasks.web import Exchange
from tests.support.fetching import a_client
from tests.support.tls import made_certificate

PAGE = b"<p>hello</p>" * 10_000


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request of a connection with the page, as far as its windows allow."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    waiting: dict[int, bytes] = {}
    writer.write(connection.data_to_send())
    while data := await reader.read(65_536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived) and event.stream_id is not None:
                path = dict(event.headers or ())[b":path"]
                connection.send_headers(event.stream_id, [(":status", "200"), ("x-path", path.decode())])
                waiting[event.stream_id] = PAGE
        for stream, body in list(waiting.items()):
            waiting[stream] = send(connection, stream, body)
        writer.write(connection.data_to_send())
        await writer.drain()
    writer.close()


def send(connection: h2.connection.H2Connection, stream: int, body: bytes) -> bytes:
    """Send what may be sent now; what is left."""
    while body and (room := connection.local_flow_control_window(stream)):
        piece = body[: min(room, connection.max_outbound_frame_size)]
        body = body[len(piece) :]
        connection.send_data(stream, piece, end_stream=not body)
    return body


def test_a_server_that_speaks_http2_is_spoken_to_in_it(tmp_path: Path) -> None:
    certificate = made_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["h2"])

    async def asked() -> list[Exchange]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        trust = ssl.create_default_context(cafile=str(certificate))
        async with server, a_client(trust=trust) as client:
            return [await client.get(f"https://127.0.0.1:{port}/a?b=|{number}") for number in range(2)]

    first, second = asyncio.run(asked())
    assert (first.http_version, first.status, first.body) == ("HTTP/2", 200, PAGE)
    assert dict(second.response_headers)["x-path"] == "/a?b=|1"
