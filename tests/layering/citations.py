"""Every `docs/spec/<page>.md N` that the tree cites is a section of that page, and nothing cites a page elsewhere.

    citations.py ROOT       prints what does not resolve, exit 1 if anything
    citations.py --test     whether it would find such citations
"""
import re
import sys
from pathlib import Path

FOLDERS = ("src", "include", "tools", "tests", "examples", "docs")
ENDINGS = {".cpp", ".hpp", ".h", ".py", ".txt", ".cmake", ".sh", ".md"}
CITED = re.compile(r"(?<![\w/.-])(?P<tree>docs/)?spec/(?P<page>[a-z][a-z-]*)(?P<end>\.md)?"
                   r"(?P<sections>(?:(?:,| and| to)? \d+(?:\.\d+)*(?![\w.]*\w))*)")
NUMBER = re.compile(r"\d+(?:\.\d+)*")


def sections(text):
    """The numbers of a page's headings and of paragraphs that begin with one in bold; N.item of an item below N."""
    found, heading = set(), None
    for line in text.splitlines():
        if m := re.match(r"(?:#+ |\*\*)(\d+(?:\.\d+)*)\.? ", line):
            heading = m.group(1)
            found.add(heading)
        elif heading and (m := re.match(r"(\d+)\. ", line)):
            found.add(f"{heading}.{m.group(1)}")
    return found


def unresolved(text, pages, prose=False):
    """Citations in `text` that `pages` (name to section numbers) do not have. In `prose`, links are the writer's."""
    for m in CITED.finditer(text):
        line = text.count("\n", 0, m.start()) + 1
        if m["page"] not in pages:
            yield line, f"no page docs/spec/{m['page']}.md"
        elif not prose and not (m["tree"] and m["end"]):
            yield line, f"write docs/spec/{m['page']}.md, not {m.group().strip()}"
        else:
            for number in NUMBER.findall(m["sections"]):
                if number not in pages[m["page"]]:
                    yield line, f"docs/spec/{m['page']}.md has no section {number}"


def check(root):
    pages = {p.stem: sections(p.read_text()) for p in (root / "docs/spec").glob("*.md")}
    bad = 0
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root)
            if path.suffix not in ENDINGS or relative.parts[:2] == ("docs", "spec") or path.name == Path(__file__).name:
                continue
            for line, what in unresolved(path.read_text(errors="replace"), pages, path.suffix == ".md"):
                print(f"{relative}:{line}: {what}")
                bad += 1
    return bad


def test():
    pages = {"evm": sections("# x\n## 3. A\n### 3.1 B\n1. first\n**3.1.7 c.**\n## 12. C\n")}
    for text, count in (("docs/spec/evm.md 3.1, 12", 0), ("docs/spec/evm.md 3.1.1 and 3.1.7", 0),
                        ("docs/spec/evm.md 3 and 4", 1), ("docs/spec/evm.md 13", 1), ("spec/evm section 3", 1),
                        ("docs/spec/other.md 1", 1), ("docs/spec/evm.md 3; ePrint 2020/081", 0),
                        ("docs/spec/evm.md 3.\n", 0)):
        assert len(list(unresolved(text, pages))) == count, text


if sys.argv[1] == "--test":
    test()
else:
    sys.exit(1 if check(Path(sys.argv[1])) else 0)
