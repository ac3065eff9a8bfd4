"""Under which addresses this machine is reached: the tablets need one that is not 127.0.0.1."""

import fcntl
import socket
import struct

EVERYWHERE = ("0.0.0.0", "::", "")  # listening on these is listening on every card
_SIOCGIFADDR = 0x8915
# Bridges of containers and virtual machines: tablets in the hall cannot reach them.
_INSIDE = ("lo", "docker", "br-", "veth", "virbr", "cni", "podman")


def lan_addresses() -> list[str]:
    """IPv4 addresses of the network cards, in the system's order; empty when there is no network."""
    names = [name for _, name in socket.if_nameindex() if not name.startswith(_INSIDE)]
    return [address for name in names if (address := _address_of(name))]


def links(host: str, port: int, public_address: str | None, secured: list[str] | None = None) -> list[str]:
    """The addresses to print, best first: the public one, then the network's, then this machine's own.

    secured: over HTTPS, the names and addresses that the certificate covers.
    """
    everywhere = host in EVERYWHERE
    hosts = [*lan_addresses(), "127.0.0.1"] if everywhere else [host]
    found = [f"http://{name}:{port}/" for name in hosts] if secured is None else web(secured, port)
    return [public_address.rstrip("/") + "/", *found] if public_address else found


def web(hosts: list[str], port: int, scheme: str = "https") -> list[str]:
    """The address of each name or IP; an IPv6 address stands in brackets."""
    return [f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/" for host in hosts]


def _address_of(card: str) -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            answer = fcntl.ioctl(sock.fileno(), _SIOCGIFADDR, struct.pack("256s", card[:15].encode()))
        except OSError:
            return None  # the card has no IPv4 address
    return socket.inet_ntoa(answer[20:24])
