"""What a QR says: from its text, a text file, a picture or a PDF. Pictures need the extra `verify` (zxing-cpp, pypdfium2, pillow)."""

from pathlib import Path
from typing import Any

from competition.errors import NotFound

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp"})
DOTS = 200  # a 25 mm code has 57 to 61 modules: 3 dots a module, and more where a page is scaled


def scanned(source: str) -> str:
    """The text. NotFound when there is no code to be seen, or what reads pictures isn't installed."""
    if "#" in source or "://" in source:
        return source
    file = Path(source)
    if not file.is_file():
        raise NotFound(
            f"没有文件 {source}，它也不是二维码的文字（https://…#…）。",
            f"There is no file {source}, and it is not a QR's text (https://…#…) either.",
        )
    if file.suffix.lower() == ".pdf":
        return _seen(file, _page_pictures(file))
    if file.suffix.lower() in PICTURES:
        return _seen(file, [_picture(file)])
    return file.read_text(encoding="utf-8-sig").strip()


def _seen(file: Path, pictures: list[Any]) -> str:
    try:
        import zxingcpp
    except ImportError:
        raise _not_installed() from None
    texts = [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]
    if len(set(texts)) != 1:
        zh, en = (
            f"有 {len(texts)} 个二维码，请一次核验一张证书",
            f"has {len(texts)} codes: verify one certificate at a time",
        )
        if not texts:
            zh, en = (
                "里看不清二维码，请正对证书重新拍摄",
                "shows no code that can be read: take the picture again, straight",
            )
        raise NotFound(f"{file} {zh}。", f"{file} {en}.")
    return str(texts[0])


def _picture(file: Path) -> Any:
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise _not_installed() from None
    try:
        return Image.open(file).convert("L")
    except (UnidentifiedImageError, OSError):
        raise NotFound(f"{file} 不是图片。", f"{file} is no picture.") from None


def _page_pictures(file: Path) -> list[Any]:
    try:
        import pypdfium2
    except ImportError:
        raise _not_installed() from None
    try:
        return [page.render(scale=DOTS / 72).to_pil() for page in pypdfium2.PdfDocument(file)]
    except pypdfium2.PdfiumError:
        raise NotFound(f"{file} 不是 PDF。", f"{file} is no PDF.") from None


def _not_installed() -> NotFound:
    return NotFound(
        "这台电脑没有安装读图片的组件：.venv/bin/pip install -e '.[verify]'。也可以用手机扫码，把文字粘贴在命令后。",
        "What reads pictures isn't installed: .venv/bin/pip install -e '.[verify]'. Or scan with a phone and paste the text.",
    )
