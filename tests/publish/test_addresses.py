"""Only an address that the public can open goes on paper."""

import pickle

import pytest

from competition.publish.addresses import AddressRefused, certificate_address, check_public_address, short_address


@pytest.mark.parametrize(
    "address",
    [
        None, "", "v.example.cn", "http://v.example.cn", "ftp://v.example.cn", "https://", "https://localhost",
        "https://127.0.0.1", "https://127.1", "https://2130706433", "https://0x7f.1", "https://10.0.0.5:8443",
        "https://172.16.3.4", "https://192.168.1.20", "https://169.254.1.1", "https://100.64.0.1", "https://[::1]",
        "https://[fe80::1]", "https://[fd00::1]", "https://[::ffff:192.168.1.1]", "https://judge.local", "https://judge.local.",
        "https://server.lan", "https://server", "https://a.home.arpa", "https://scores.internal", "https://v.example",
        "https://user:word@v.example.cn", "https://v.example.cn/?a=1", "https://v.example.cn/#top", "https://v..cn",
        "https://v.example.cn:notaport", "https://v .example.cn", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_refused_for_real_certificates(address: str | None) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_public_address(address)
    assert "公开" in refused.value.zh or "公众" in refused.value.zh
    assert "https://" in refused.value.en


@pytest.mark.parametrize(
    "address", ["https://v.example.cn", "https://V.Example.cn:8443/", "https://sai.example.cn/judging/"]
)
def test_allowed(address: str) -> None:
    assert check_public_address(address) == address.rstrip("/")


def test_a_sample_may_carry_the_venues_own_address() -> None:
    assert check_public_address("http://192.168.1.20:8000/", sample=True) == "http://192.168.1.20:8000"
    with pytest.raises(AddressRefused):
        check_public_address("file:///etc/passwd", sample=True)


def test_what_the_code_leads_to() -> None:
    assert certificate_address("https://v.example.cn/", "7K3M9QX2TB") == "https://v.example.cn/c/7K3M9QX2TB"
    assert short_address("https://v.example.cn", "7K3M9QX2TB") == "v.example.cn/c/7K3M9QX2TB"


def test_a_refusal_survives_the_way_from_a_worker() -> None:
    refused = pickle.loads(pickle.dumps(AddressRefused("中", "en")))
    assert (refused.zh, refused.en) == ("中", "en")
