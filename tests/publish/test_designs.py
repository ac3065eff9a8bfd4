"""Every design prints its own samples, shortest to longest: all of it said, in its boxes, marked as a sample, the seal's area free."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from competition.errors import CompetitionError
from competition.publish.addresses import certificate_address
from competition.publish.certificate import CertificateData
from competition.publish.certificates import batch, preflight
from competition.publish.composing import compose
from competition.publish.design import designs, load_design
from competition.publish.placing import place
from competition.publish.proofs import Signer, read_proof
from competition.publish.samples import Samples, load_samples

from .conftest import ROOT, embedded_fonts, page_texts

DESIGNS = designs(ROOT / "certificates")
SEAL = 44.0  # mm of paper that a seal over an issuer's name and the date may cover, at least
NEW = sorted(set(DESIGNS) - {"award"})  # the award's own tests are next door
PRINTED: dict[str, bytes] = {}
SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.fixture(params=NEW)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name not in PRINTED:
        samples = load_samples(DESIGNS[name].folder)
        PRINTED[name] = batch(
            DESIGNS[name], [proven(one, samples) for one in samples.certificates], samples.public_address
        )
    return name


def proven(one: CertificateData, samples: Samples) -> CertificateData:
    """With the proof in its QR that an issued one has: the densest code there is."""
    base = samples.public_address
    return replace(one, proof=SIGNER.proof(base, one.code, one.number, one.name, one.issued_on, one.sample))


def test_there_is_a_design_for_each_occasion() -> None:
    assert sorted(DESIGNS) == ["award", "organising_unit", "participation", "practice", "team"]
    assert len({design.name["zh"] for design in DESIGNS.values()}) == len(DESIGNS)


def test_everything_is_said_and_marked_as_a_sample(kind: str) -> None:
    design, samples = DESIGNS[kind], load_samples(DESIGNS[kind].folder)
    texts = page_texts(PRINTED[kind])
    assert len(texts) == len(samples.certificates) >= 4
    for text, one in zip(texts, samples.certificates, strict=True):
        said = (one.name, one.unit, one.event, one.award, one.games, one.number, one.code, *one.members, *one.issuers)
        assert [part for part in said if part not in text] == []
        assert design.wording["title"] in text
        assert "样张，无效" in text


def test_every_font_is_inside(kind: str) -> None:
    assert all(inside for _, inside in embedded_fonts(PRINTED[kind]))


def test_the_qr_reads_back_from_the_picture(kind: str) -> None:
    samples = load_samples(DESIGNS[kind].folder)
    for page, one in zip(pypdfium2.PdfDocument(PRINTED[kind]), samples.certificates, strict=True):
        (code,) = zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())
        read = read_proof(code.text, {SIGNER.key_id: SIGNER.key.public_key()})
        assert (read.address, read.number) == (certificate_address(samples.public_address, one.code), one.number)
        assert read.is_of(one.name)
        assert read.sample


def test_lines_keep_inside_the_page_and_off_each_other(kind: str) -> None:
    """Lines of text from top to bottom: none begins before the one above it ends, unless they stand side by side."""
    design, samples = DESIGNS[kind], load_samples(DESIGNS[kind].folder)
    for one in samples.certificates:
        page = compose(design, one, samples.public_address)
        assert [name for name, text in page.texts() if not text.fits] == []
        lines = sorted(place(design, page), key=lambda run: run.baseline)
        for above, below in pairwise(lines):
            beside = above.x + above.width <= below.x + 0.1 or below.x + below.width <= above.x + 0.1
            assert beside or below.baseline - above.baseline >= 0.9 * below.size * 25.4 / 72, (above.text, below.text)
        for run in lines:
            assert 25 <= run.x <= run.x + run.width <= design.width - 25
            assert 25 <= run.baseline <= design.height - 25


@pytest.mark.parametrize("name", sorted(DESIGNS))
def test_the_longest_award_stays_between_its_flourishes(name: str) -> None:
    """Award and place in their box, however long they may be; the art's ornaments stand outside it."""
    design, samples = DESIGNS[name], load_samples(DESIGNS[name].folder)
    box = design.boxes["award"]
    for award, rank in (("奖" * 8, None), ("奖" * 6, 108), ("团体三等奖", 12)):
        page = compose(design, replace(samples.certificates[0], award=award, place=rank), None)
        assert page.award.fits
        for run in (run for run in place(design, page) if box.y < run.baseline < box.y + box.h):
            assert box.x <= run.x <= run.x + run.width <= box.x + box.w
    assert re.search(r"\.left \{ right: calc\(100% \+ [1-9]mm\)", design.style)
    assert re.search(r"\.right \{ left: calc\(100% \+ [1-9]mm\)", design.style)


def test_the_seals_area_is_free_of_everything_but_issuers_and_date(kind: str) -> None:
    design, samples = DESIGNS[kind], load_samples(DESIGNS[kind].folder)
    area = design.boxes["issuers"]
    assert area.h + design.boxes["date"].h >= SEAL - 10
    for one in samples.certificates:
        page = compose(design, one, samples.public_address)
        meant = {page.date.text, *(line for issuer in page.issuers for line in issuer.lines)}
        inside = [run for run in place(design, page) if run.baseline > area.y and run.x + run.width > area.x]
        assert {run.text for run in inside} == meant


def test_only_the_award_like_designs_speak_of_an_award() -> None:
    assert "award" not in DESIGNS["participation"].required
    assert "荣获" not in DESIGNS["participation"].wording["body"]
    assert not any("等级证书" in text for design in DESIGNS.values() for text in design.wording.values())


def test_a_team_without_its_people_is_refused() -> None:
    team = DESIGNS["team"]
    samples = load_samples(team.folder)
    found = preflight(team, [replace(samples.certificates[0], members=())], samples.public_address)
    assert [finding.zh for finding in found] == ["缺少队员：请补填。"]


def test_a_units_certificate_misses_no_unit() -> None:
    unit = DESIGNS["organising_unit"]
    samples = load_samples(unit.folder)
    assert preflight(unit, samples.certificates, samples.public_address) == []


def test_a_base_is_a_folder_beside_and_has_no_base_itself(tmp_path: Path) -> None:
    for name, base in (("one", "two"), ("two", "three"), ("out", "../elsewhere"), ("self", "self"), ("none", "nobody")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "design.toml").write_text(f'base = "{base}"\n', "utf-8")
    for name, said in (("one", "has a base itself"), ("out", "no folder beside"), ("self", "no folder beside"),
                       ("none", "a file is missing")):  # fmt: skip
        with pytest.raises(CompetitionError, match=said):
            load_design(tmp_path / name)
