#!/usr/bin/env python3
"""How well obstat reads the text of PDFs, beside pdftotext and mutool.

  tests/tools/measure_pdf_text.py [--obstat PROGRAM] [--json] FOLDER_OR_FILE...
  tests/tools/measure_pdf_text.py --boxes [--words 200] [--seed 1] FOLDER_OR_FILE...

Text (the default): word F1 of what obstat shows (passages with visibility `shown` that are drawn on a page) against the
nearer of `pdftotext` and `mutool draw -F txt`, over all files for which both of them print three words or more. A word
is a run of letters and digits. Printed: the share of files at 0.95 or better, mutool's own share against pdftotext in
the same run, and every file below with a cause. Ends with 1 where obstat's share is the lower one.

Boxes: random words of random files against `pdftotext -bbox`: left and right edges within 1.5 points and obstat's
vertical centre inside poppler's box. Boxes of poppler's that have no height (under a point) are left out. Ends with 1
where fewer than 98 % agree.

Needs Python 3 alone; where pdftotext or mutool is missing it says so and skips. PROGRAM defaults to
target/release/obstat; it is called as `PROGRAM show --format json --show-evidence FILE` and prints one object a line.
"""
import argparse, collections, concurrent.futures, html, json, os, pathlib, random, re, shutil, subprocess, sys, unicodedata

DRAWN = {"body", "header", "footer", "footnote", "table", "caption", "annotation", "form-field", "ocr"}
WORD = re.compile(r"[^\W_]+")


def run(command, limit=60):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=limit)
        return done.stdout.decode("utf-8", "replace")
    except (subprocess.TimeoutExpired, OSError):
        return ""


def words(text):
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return collections.Counter(WORD.findall(text))


def passages(program, path):
    found = []
    for line in run([program, "show", "--format", "json", "--show-evidence", str(path)]).split("\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            pass
    return found


def is_shown(passage):
    return passage.get("type") == "passage" and passage["visibility"] == "shown" and passage["part"] in DRAWN and passage["page"] > 0


def f1(a, b):
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 1.0


def letters(words):
    count = collections.Counter()
    for word, times in words.items():
        for letter in word:
            count[letter] += times
    return count


def cause(own, near, records, peers):
    """What the difference looks like, for the list of files below."""
    if not own and not any(r.get("type") == "passage" and r["page"] > 0 for r in records):
        codes = sorted({r["code"] for r in records if r.get("type") == "notice"})
        return "nothing read: " + (", ".join(codes) or "no notice")
    hidden = collections.Counter()
    for r in records:
        if r.get("type") == "passage" and r["visibility"] != "shown":
            hidden[r["visibility"]] += sum(words(r["text"]).values())
    parts = []
    missing, extra = near - own, own - near
    glue = f1(letters(own), letters(near))
    if hidden:
        parts.append("not shown: " + ", ".join(f"{n} {v}" for v, n in hidden.most_common(2)))
    for visibility in ("invisible", "clipped", "covered", "off-page", "hidden-layer", "micro"):
        unseen = sum((words(r["text"]) for r in records if r.get("visibility") == visibility), collections.Counter())
        share = sum((missing & unseen).values()) / max(1, sum(missing.values()))
        if share > 0.5:
            parts.append(f"obstat takes {share:.0%} of what is missing for {visibility}")
    if prints_glyph_numbers(own, near):
        parts.append("the references print glyph numbers as characters")
    if peers < 0.95:
        parts.append("the two references differ")
    if glue > 0.97:
        parts.append("same letters, other word limits")
    codes = {r["code"] for r in records if r.get("type") == "notice" and r["code"] != "unread.image-only"}
    parts.extend(sorted(codes))
    parts.append(f"{sum(missing.values())} words missing, {sum(extra.values())} more")
    return "; ".join(parts)


def prints_glyph_numbers(own, near):
    """Whether the reference took glyph numbers for characters: in fonts made from Macintosh TrueType they lie 29 lower."""
    shifted = sum(
        (words("".join(chr(ord(c) + 29) for c in word)) for word in near.elements()), collections.Counter()
    )
    return f1(letters(own), letters(shifted)) > 2 * f1(letters(own), letters(near))


def measure(job):
    program, path = job
    poppler = words(run(["pdftotext", str(path), "-"]))
    mutool = words(run(["mutool", "draw", "-q", "-F", "txt", str(path)]))
    if min(sum(poppler.values()), sum(mutool.values())) < 3:
        return None
    records = passages(program, path)
    own = sum((words(r["text"]) for r in records if is_shown(r)), collections.Counter())
    scores = {"pdftotext": f1(own, poppler), "mutool": f1(own, mutool)}
    nearer = max(scores, key=scores.get)
    peers = f1(mutool, poppler)
    near = poppler if nearer == "pdftotext" else mutool
    return {"file": path.name, "f1": scores[nearer], "nearer": nearer, "mutool": peers,
            "cause": cause(own, near, records, peers) if scores[nearer] < 0.95 else ""}


def text(program, files, as_json):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = [row for row in pool.map(measure, [(program, f) for f in files]) if row]
    if not rows:
        print("skipped: no PDF with text found")
        return 0
    own, peer = (sum(row[key] >= 0.95 for row in rows) / len(rows) for key in ("f1", "mutool"))
    below = sorted((row for row in rows if row["f1"] < 0.95), key=lambda row: row["f1"])
    if as_json:
        print(json.dumps({"files": len(rows), "share": own, "mutool_share": peer, "below": below}, indent=1))
    else:
        for row in below:
            print(f"{row['f1']:.3f}  {row['file']}  (nearer: {row['nearer']}; mutool against pdftotext {row['mutool']:.3f})  {row['cause']}")
        print(f"{len(rows)} files; obstat at 0.95 or better in {own:.1%}, mutool against pdftotext in {peer:.1%}")
    return 0 if own >= peer else 1


BOX = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')


def poppler_boxes(path):
    boxes, page = [], 0
    for line in run(["pdftotext", "-bbox", "-cropbox", str(path), "-"]).splitlines():
        page += "<page " in line
        found = BOX.search(line)
        if found:
            boxes.append((page, html.unescape(found.group(5)), [float(found.group(i)) for i in range(1, 5)]))
    return boxes


def own_boxes(program, path):
    """Boxes of words by page and text; a word that is broken over two quads counts with the rectangle around them."""
    boxes = collections.defaultdict(list)
    for record in passages(program, path):
        if record.get("type") != "passage" or record["visibility"] != "shown":
            continue
        for word in record["words"]:
            quads = list(zip(*word["quads"]))
            if quads:
                x0, y0, x1, y1 = quads
                boxes[word["page"], word["text"]].append((min(x0), min(y0), max(x1), max(y1)))
    return boxes


def agrees(theirs, ours):
    x0, y0, x1, y1 = theirs
    return any(abs(a - x0) <= 1.5 and abs(c - x1) <= 1.5 and y0 <= (b + d) / 2 <= y1 for a, b, c, d in ours)


def boxes(program, files, count, seed):
    """Words that both print as the same run of characters on the same page; each file gives as many as any other."""
    rng = random.Random(seed)
    files = [f for f in files]
    rng.shuffle(files)
    tried, right, wrong = 0, 0, []
    for path in files:
        theirs = [b for b in poppler_boxes(path) if len(b[1]) > 1 and b[2][3] - b[2][1] >= 1]
        if len(theirs) < 20 or tried >= count:
            continue
        ours = own_boxes(program, path)
        shared = [b for b in theirs if ours.get((b[0], b[1]))]
        for page, word, box in rng.sample(shared, min(8, len(shared), count - tried)):
            tried += 1
            if agrees(box, ours[page, word]):
                right += 1
            else:
                nearest = min(ours[page, word], key=lambda o: sum(abs(a - b) for a, b in zip(o, box)))
                wrong.append((path.name, page, len(word), box, [round(v, 1) for v in nearest]))
    for name, page, length, box, nearest in wrong:
        print(f"{name} page {page}, a word of {length} characters: poppler {box}, obstat {nearest}")
    if not tried:
        print("skipped: no PDF with text found")
        return 0
    print(f"{right} of {tried} boxes agree ({right / tried:.1%})")
    return 0 if right >= 0.98 * tried else 1


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("paths", nargs="*")
    ap.add_argument("--obstat", default=os.environ.get("OBSTAT_BIN", "target/release/obstat"))
    ap.add_argument("--json", action="store_true")
    ap.add_argument("--boxes", action="store_true")
    ap.add_argument("--words", type=int, default=200)
    ap.add_argument("--seed", type=int, default=1)
    options = ap.parse_args()
    for tool in ("pdftotext", "mutool"):
        if not shutil.which(tool):
            print(f"skipped: {tool} is not installed")
            return 0
    files = []
    for path in map(pathlib.Path, options.paths):
        if not path.exists():
            print(f"skipped: {path} is not there")
        files += sorted(path.rglob("*.pdf")) if path.is_dir() else [path] if path.exists() else []
    if not files:
        print("skipped: no PDF named")
        return 0
    if options.boxes:
        return boxes(options.obstat, files, options.words, options.seed)
    return text(options.obstat, files, options.json)


if __name__ == "__main__":
    sys.exit(main())
