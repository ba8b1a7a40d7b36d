#!/usr/bin/env python3
"""Makes trees.json: pairs of trees as terms `f(a,b)` with their edit distance, unit costs, by the package apted 1.0.3.

usage: trees.py > trees.json"""
import json, random
from apted import APTED, Config

random.seed(20251122)


class Node:
    def __init__(self, label, children):
        self.label, self.children = label, children

    def __str__(self):
        return self.label + (f"({','.join(map(str, self.children))})" if self.children else "")


class Costs(Config):
    def rename(self, a, b):
        return int(a.label != b.label)

    def children(self, node):
        return node.children


def tree(size, shape):
    """A random tree: a spine to the left or the right, a star, or anything."""
    label = random.choice("abcd")
    if size == 1:
        return Node(label, [])
    if shape == "star":
        return Node(label, [tree(1, shape) for _ in range(size - 1)])
    if shape in ("left", "right"):
        parts = [size - 2, 1] if size > 2 else [1]
    else:
        parts, left = [], size - 1
        while left:
            parts.append(random.randint(1, left))
            left -= parts[-1]
    children = [tree(part, shape) for part in parts]
    return Node(label, children[::-1] if shape == "right" else children)


def nodes(node):
    return [node] + [n for child in node.children for n in nodes(child)]


def edited(node):
    copy = Node(node.label, [edited(child) for child in node.children])
    kept = []
    for child in copy.children:
        kept += child.children if random.random() < 0.1 else [child]
    copy.children = kept + [Node("e", [])] * (random.random() < 0.1)
    copy.label = "d" if random.random() < 0.1 else copy.label
    return copy


rows = []
for n in range(240):
    shape = ["any", "any", "left", "right", "star"][n % 5]
    a = tree(random.choice([1, 2, 3, 5, 8, 13, 25]), shape)
    b = edited(a) if random.random() < 0.5 else tree(random.choice([1, 2, 3, 5, 8, 13, 25]), random.choice(["any", shape]))
    rows.append({"a": str(a), "b": str(b), "distance": APTED(a, b, Costs()).compute_edit_distance()})
print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")
