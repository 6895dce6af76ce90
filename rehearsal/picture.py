"""The topology as an SVG picture, drawn from the stack's state."""

from html import escape

from rehearsal.topology import Place, Resource, Topology, Zone, topology

ZONE_WIDTH, GAP, MARGIN = 172, 12, 24
REGION_TOP, REGION_HEIGHT = 150, 430
TIERS = {"public": "#e8f1fb", "server": "#e9f7ec", "data": "#fdf1e3"}
FONT = "font-family='Segoe UI, Helvetica, Arial, sans-serif'"


def svg(resources: list[Resource], outputs: dict[str, object]) -> str:
    """Draw the resources of a stack whose outputs have the site's name."""
    return draw(topology(resources, str(outputs["site"])))


def draw(site: Topology) -> str:
    """Draw a topology."""
    widths = [_region_width(place) for place in site.places]
    total = sum(widths) + GAP * 3 * (len(widths) - 1) + 2 * MARGIN
    parts = [_site(site, total)]
    left, centers = float(MARGIN), []
    for place, width in zip(site.places, widths, strict=True):
        parts += _region(place, left, width)
        centers.append(left + width / 2)
        left += width + GAP * 3
    for number, center in enumerate(centers):
        parts.append(_arrow(total / 2, 88, center, REGION_TOP + 44, dashed=number > 0))
    if len(centers) > 1:
        y = REGION_TOP + REGION_HEIGHT - 36
        parts.append(_arrow(MARGIN + widths[0] - 18, y, MARGIN + widths[0] + GAP * 3 + 18, y))
        parts.append(_text(MARGIN + widths[0] + GAP * 1.5, y - 8, "copies", 11, anchor="middle"))
    height = REGION_TOP + REGION_HEIGHT + MARGIN
    style = (
        "<defs><marker id='tip' viewBox='0 0 10 10' refX='9' refY='5' markerWidth='7' markerHeight='7' "
        "orient='auto-start-reverse'><path d='M0 0L10 5L0 10z' fill='#4a5568'/></marker></defs>"
    )
    head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {total:.0f} {height}' {FONT} role='img'>"
    title = f"<title>{escape(site.domain)}: topology</title>"
    return "\n".join([head, title, style, _box(0, 0, total, height, "#ffffff", "none"), *parts, "</svg>", ""])


def _region_width(place: Place) -> float:
    return max(2, len(place.zones)) * (ZONE_WIDTH + GAP) + GAP


def _site(site: Topology, total: float) -> str:
    x = total / 2 - 170
    box = _box(x, 20, 340, 68, "#f3ecfb", "#805ad5")
    name = _text(total / 2, 48, site.domain, 17, bold=True, anchor="middle")
    return box + name + _text(total / 2, 72, f"Route 53: {site.records}", 13, anchor="middle")


def _region(place: Place, left: float, width: float) -> list[str]:
    top = REGION_TOP
    waf = "WAF, " if place.waf else ""
    parts = [
        _box(left, top, width, REGION_HEIGHT, "#f7fafc", "#4a5568"),
        _text(left + GAP, top + 24, f"{place.role}: {place.region}", 16, bold=True),
        _text(left + width - GAP, top + 24, f"VPC {place.cidr}", 13, anchor="end"),
        _box(left + GAP, top + 46, width - 2 * GAP, 34, "#d6e6fa", "#2b6cb0"),
        _text(left + width / 2, top + 68, f"{waf}{place.balancer}", 14, bold=True, anchor="middle"),
    ]
    for number, zone in enumerate(place.zones):
        parts += _zone(zone, left + GAP + number * (ZONE_WIDTH + GAP), top + 92)
    spans = {222: ("#c9ecd1", "#2f855a", place.servers), 306: ("#f9ddb9", "#c05621", place.data)}
    for y, (fill, stroke, label) in spans.items():
        parts.append(_box(left + 2 * GAP, top + y, width - 4 * GAP, 30, fill, stroke))
        parts.append(_text(left + width / 2, top + y + 20, label, 13, bold=True, anchor="middle"))
    if place.vault:
        parts.append(_box(left + GAP, top + REGION_HEIGHT - 54, width - 2 * GAP - 8, 38, "#edf2f7", "#718096"))
        label = f"backup vault {place.vault}"
        parts.append(_text(left + width / 2, top + REGION_HEIGHT - 30, label, 13, anchor="middle"))
    return parts


def _zone(zone: Zone, x: float, y: float) -> list[str]:
    parts = [
        _box(x, y, ZONE_WIDTH, 272, "#ffffff", "#a0aec0", dashed=True),
        _text(x + 8, y + 18, zone.id, 13, bold=True),
    ]
    labels = {
        "public": "public" + (" + NAT gateway" if zone.nat else ""),
        "server": "servers",
        "data": "data",
    }
    for number, (tier, fill) in enumerate(TIERS.items()):
        top = y + 28 + number * 82
        parts.append(_box(x + 6, top, ZONE_WIDTH - 12, 74, fill, "none"))
        parts.append(_text(x + 12, top + 15, labels[tier], 12))
        parts.append(_text(x + ZONE_WIDTH - 12, top + 69, zone.tiers.get(tier, ""), 10, anchor="end"))
    return parts


def _box(x: float, y: float, w: float, h: float, fill: str, stroke: str, *, dashed: bool = False) -> str:
    dash = " stroke-dasharray='5 4'" if dashed else ""
    place = f"x='{x:.0f}' y='{y:.0f}' width='{w:.0f}' height='{h:.0f}'"
    return f"<rect {place} rx='6' fill='{fill}' stroke='{stroke}'{dash}/>"


def _text(x: float, y: float, text: str, size: int, *, bold: bool = False, anchor: str = "start") -> str:
    weight = " font-weight='600'" if bold else ""
    place = f"x='{x:.0f}' y='{y:.0f}' font-size='{size}' text-anchor='{anchor}'"
    return f"<text {place}{weight} fill='#1a202c'>{escape(text)}</text>"


def _arrow(x1: float, y1: float, x2: float, y2: float, *, dashed: bool = False) -> str:
    dash = " stroke-dasharray='6 5'" if dashed else ""
    line = f"x1='{x1:.0f}' y1='{y1:.0f}' x2='{x2:.0f}' y2='{y2:.0f}'"
    return f"<line {line} stroke='#4a5568' stroke-width='1.6' marker-end='url(#tip)'{dash}/>"
