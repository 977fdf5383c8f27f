"""Draws docs/rooms.svg: the rooms and what each may use, read from the ezkl_room calls in src/*/CMakeLists.txt.

    python3 tools/gen/rooms.py > docs/rooms.svg
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 120, 40, 40, 45, 20


def rooms():
    """name -> rooms it depends on, in the order of src/CMakeLists.txt"""
    order = re.search(r"foreach\(room ([^)]*)\)", open(f"{ROOT}/src/CMakeLists.txt").read()).group(1).split()
    found = {}
    for name in order:
        path = f"{ROOT}/src/{name}/CMakeLists.txt"
        if os.path.exists(path):
            text = re.sub(r"#.*", "", open(path).read())
            call = re.search(r"ezkl_room\(([^)]*)\)", text)
            depends = re.search(r"\bDEPENDS\s+((?:[a-z]+\s+)*[a-z]+)", call.group(1)) if call else None
            found[name] = depends.group(1).split() if depends else []
    return found


def reachable(graph, start):
    seen, todo = set(), list(graph[start])
    while todo:
        room = todo.pop()
        if room not in seen:
            seen.add(room)
            todo += graph.get(room, [])
    return seen


def main():
    graph = rooms()
    # an arrow that follows from others is left out
    direct = {r: [d for d in ds if d in graph and not any(d in reachable(graph, o) for o in ds if o != d and o in graph)]
              for r, ds in graph.items()}
    level = {}
    for room in graph:
        level[room] = 1 + max((level[d] for d in direct[room]), default=-1)
    rows = {}
    for room in graph:
        rows.setdefault(level[room], []).append(room)
    top = max(rows)
    widest = max(map(len, rows.values()))
    total = widest * (WIDTH + GAP_X) - GAP_X
    place = {}
    for y, names in rows.items():
        span = len(names) * (WIDTH + GAP_X) - GAP_X
        for i, name in enumerate(names):
            place[name] = (MARGIN + (total - span) / 2 + i * (WIDTH + GAP_X), MARGIN + (top - y) * (HEIGHT + GAP_Y))
    out = sys.stdout
    out.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{total + 2 * MARGIN:.0f}" '
              f'height="{(top + 1) * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN}" font-family="sans-serif" font-size="15">\n')
    out.write('<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
              '<path d="M0 0 L8 4 L0 8 z" fill="#667"/></marker></defs>\n<rect width="100%" height="100%" fill="white"/>\n')
    for room, depends in direct.items():
        x, y = place[room]
        for d in depends:
            u, v = place[d]
            out.write(f'<line x1="{x + WIDTH / 2:.0f}" y1="{y + HEIGHT}" x2="{u + WIDTH / 2:.0f}" y2="{v}" '
                      f'stroke="#667" marker-end="url(#tip)"/>\n')
    for room, (x, y) in place.items():
        out.write(f'<rect x="{x:.0f}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="#eef3fb" stroke="#446"/>\n'
                  f'<text x="{x + WIDTH / 2:.0f}" y="{y + HEIGHT / 2 + 5:.0f}" text-anchor="middle">{room}</text>\n')
    out.write("</svg>\n")


if __name__ == "__main__":
    main()
