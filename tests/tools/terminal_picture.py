#!/usr/bin/env python3
"""Turns terminal output with colours into the SVG picture of the README. Standard library only.

  script -qec "obstat check corpus/packages/sample-obstructed" /dev/null | tests/tools/terminal_picture.py [--lines FROM:TO] > docs/obstructed.svg
"""
import argparse, html, re, sys

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--lines", default=":", help="a half-open range of lines, from 0")
ap.add_argument("--title", default="")
o = ap.parse_args()
start, end = (int(n) if n else None for n in o.lines.split(":"))
lines = sys.stdin.read().replace("\r", "").split("\n")[start:end]
if o.title:
    lines = [f"\x1b[1m$ {o.title}\x1b[0m", ""] + lines
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#ffa657", "34": "#79c0ff", "35": "#d2a8ff", "36": "#76e3ea", "90": "#8b949e"}
WIDTH, HEIGHT, NO_BREAK = 8.43, 18, "\u00a0"
columns = max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines)
out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{columns * WIDTH + 32:.0f}" height="{len(lines) * HEIGHT + 28}" role="img">',
       '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>',
       '<g font-family="ui-monospace, \'DejaVu Sans Mono\', Menlo, Consolas, monospace" font-size="14" fill="#e6edf3">']
for row, line in enumerate(lines):
    colour, bold, underline, column, spans = "", False, False, 0, []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        code = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if code:
            for one in (code[1] or "0").split(";"):
                if one in ("0", ""):
                    colour, bold, underline = "", False, False
                elif one == "1":
                    bold = True
                elif one == "4":
                    underline = True
                elif one in COLOURS:
                    colour = COLOURS[one]
                elif one == "39":
                    colour = ""
        elif part:
            style = (f' fill="{colour}"' if colour else "") + (' font-weight="bold"' if bold else "") + (' text-decoration="underline"' if underline else "")
            spans.append(f'<tspan x="{16 + column * WIDTH:.1f}" textLength="{len(part) * WIDTH:.1f}"{style}>{html.escape(part).replace(" ", NO_BREAK)}</tspan>')
            column += len(part)
    if spans:
        out.append(f'<text y="{row * HEIGHT + 30}">{"".join(spans)}</text>')
out.append("</g></svg>")
print("\n".join(out))
