"""A drawing as SVG: one file, with its glyphs and its pictures inside, and text that is text."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from xml.etree import ElementTree

from persrv.figures.marks import Box, Curve, Drawing, Letters, Mark, Picture
from persrv.figures.rasters import Raster, placed
from persrv.figures.typeface import FAMILY, typeface

_SPACE = "http://www.w3.org/2000/svg"


def svg(drawing: Drawing, pictures: Mapping[str, Raster]) -> bytes:
    """Write a drawing as SVG; the same drawing gives the same bytes. Stickers that `pictures` lacks are left empty."""
    size = {"width": f"{_short(drawing.width)}pt", "height": f"{_short(drawing.height)}pt"}
    box = f"0 0 {_short(drawing.width)} {_short(drawing.height)}"
    root = ElementTree.Element("svg", {"xmlns": _SPACE, **size, "viewBox": box, "role": "img"})
    root.set("xml:lang", {"zh": "zh-CN"}.get(drawing.language, "en"))
    ElementTree.SubElement(root, "title").text = drawing.title
    ElementTree.SubElement(root, "desc").text = drawing.description
    glyphs = base64.b64encode(typeface().subset(drawing.text)).decode("ascii")
    ElementTree.SubElement(root, "style").text = (
        f'@font-face{{font-family:"PerSRV {FAMILY}";src:url(data:font/otf;base64,{glyphs}) format("opentype")}}'
        f'text{{font-family:"PerSRV {FAMILY}","{FAMILY}","PingFang SC","Microsoft YaHei",sans-serif;white-space:pre}}'
    )
    ElementTree.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    for mark in drawing.marks:
        _draw(root, mark, pictures)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _draw(root: ElementTree.Element, mark: Mark, pictures: Mapping[str, Raster]) -> None:
    match mark:
        case Letters():
            at = {"x": _short(mark.x), "y": _short(mark.y), "font-size": _short(mark.size), "fill": mark.ink}
            anchor = {} if mark.anchor == "start" else {"text-anchor": mark.anchor}
            ElementTree.SubElement(root, "text", {**at, **anchor, "xml:space": "preserve"}).text = mark.text
        case Box():
            place = {"x": mark.x, "y": mark.y, "width": mark.width, "height": mark.height, "rx": mark.radius}
            shape = {name: _short(value) for name, value in place.items()}
            ElementTree.SubElement(root, "rect", {**shape, "fill": mark.fill or "none", **_stroke(mark)})
        case Curve():
            ElementTree.SubElement(root, "path", {"d": _path(mark), "fill": "none", **_stroke(mark)})
        case Picture() if mark.sticker in pictures:
            picture = pictures[mark.sticker]
            x, y, width, height = map(_short, placed(picture, mark.x, mark.y, mark.side))
            data = f"data:image/png;base64,{base64.b64encode(picture.png).decode('ascii')}"
            ElementTree.SubElement(root, "image", {"x": x, "y": y, "width": width, "height": height, "href": data})


def _stroke(mark: Box | Curve) -> dict[str, str]:
    if mark.stroke is None:
        return {}
    dash = {"stroke-dasharray": f"{_short(mark.dash)} {_short(mark.dash)}"} if mark.dash else {}
    return {"stroke": mark.stroke, "stroke-width": _short(mark.weight), **dash}


def _path(curve: Curve) -> str:
    x, y, to_x, to_y = map(_short, (curve.x, curve.y, curve.to_x, curve.to_y))
    if not curve.bent:
        return f"M{x} {y}L{to_x} {to_y}"
    middle = _short((curve.y + curve.to_y) / 2)
    return f"M{x} {y}C{x} {middle} {to_x} {middle} {to_x} {to_y}"


def _short(value: float) -> str:
    """A length with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
