"""DNS messages: a question read from bytes, an answer written to bytes."""

import math
from collections.abc import Callable

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from rehearsal.live.names.answers import Reply, Row

SMALLEST = 512
"""Bytes over UDP without EDNS."""

Answering = Callable[[str, str], Reply]
"""From a name and a type to the reply."""


def answer(
    question: bytes, answering: Answering, real: Callable[[float], float], *, udp: bool, recursive: bool
) -> bytes:
    """Answer a DNS message. Without a word (b"") where it is none.

    real: from seconds at AWS to seconds here, for the TTLs. They are rounded up: nobody asks again too early.
    recursive: as a resolver answers; else as a server that is responsible for the zone.
    """
    try:
        asked = dns.message.from_wire(question)
    except dns.exception.DNSException:
        return b""
    if len(asked.question) != 1 or asked.flags & dns.flags.QR:
        return b""
    query = asked.question[0]
    reply = answering(query.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(query.rdtype))
    made = dns.message.make_response(asked, recursion_available=recursive, our_payload=1232)
    made.set_rcode(dns.rcode.from_text(reply.code))
    if not recursive and reply.code in ("NOERROR", "NXDOMAIN"):
        made.flags |= dns.flags.AA
    made.answer = [_rows(row, real) for row in reply.rows]
    if reply.soa and not (reply.rows and reply.rows[-1].type != "CNAME"):
        made.authority = [_rows(reply.soa, real)]
    return _fit(made, max(SMALLEST, asked.payload)) if udp else made.to_wire()


def _rows(row: Row, real: Callable[[float], float]) -> dns.rrset.RRset:
    return dns.rrset.from_text_list(
        dns.name.from_text(row.name),
        math.ceil(real(row.ttl)),
        "IN",
        row.type,
        [_value(row, each) for each in row.values],
    )


def _value(row: Row, value: str) -> str:
    """Route 53's values are absolute names, whether a dot ends them or not."""
    return f"{value.rstrip('.')}." if row.type in ("CNAME", "NS", "PTR") else value


def _fit(made: dns.message.Message, size: int) -> bytes:
    wire = made.to_wire()
    if len(wire) <= size:
        return wire
    made.answer, made.authority, made.flags = [], [], made.flags | dns.flags.TC
    return made.to_wire()
