#!/usr/bin/env python3
"""Makes agreement.json: distributions, agreement, correlations, McNemar and bootstrap intervals as scipy 1.17,
scikit-learn 1.9 and statsmodels 0.15 compute them. `null` is where they have no value.

usage: python -W ignore agreement.py > agreement.json"""
import json, math
import numpy as np
from scipy import special, stats
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar

random = np.random.default_rng(20251122)


def number(value):
    return None if value is None or math.isnan(value) else float(value)


tails = [[x, special.erfc(x), stats.chi2.sf(x, 1) if x >= 0 else 0.0]
         for x in [-3.0, -1.0, -0.1, 0.0, 1e-6, 0.1, 0.5, 1.0, 1.2, 1.23, 1.5, 2.0, 3.841459, 5.0, 10.0, 20.0]]
normal = [[p, stats.norm.ppf(p)] for p in [1e-6, 0.001, 0.025, 0.2, 0.5, 0.9, 0.975, 0.9999]]
student = [[p, v, stats.t.ppf(p, v)] for p in [0.75, 0.975, 0.995] for v in [1, 2, 5, 14, 29, 239, 5000]]

confusions = []
for counts in [[79, 61, 22, 43], [71, 74, 9, 51], [122, 0, 83, 0], [0, 44, 0, 49], [0, 0, 0, 5], [5, 0, 0, 0], [0, 7, 0, 0],
               [1, 1, 1, 1], [0, 3, 4, 0]] + random.integers(0, 40, (20, 4)).tolist():
    tp, tn, fp, fn = counts
    label, decision = [1] * tp + [0] * tn + [0] * fp + [1] * fn, [1] * tp + [0] * tn + [1] * fp + [0] * fn
    nan = {"zero_division": float("nan")}
    confusions.append({"counts": counts, "precision": number(metrics.precision_score(label, decision, **nan)),
                       "recall": number(metrics.recall_score(label, decision, **nan)),
                       "accuracy": number(metrics.accuracy_score(label, decision)),
                       "kappa": number(metrics.cohen_kappa_score(label, decision, labels=[0, 1]))})

correlations = []
for n in [2, 3, 5, 10, 40] * 5:
    x = np.round(random.random(n), random.integers(1, 6))
    y = np.round(x * random.integers(-1, 2) + random.random(n), random.integers(1, 6))
    labels = random.random(n) < 0.5
    correlations.append({"x": x.tolist(), "y": y.tolist(), "labels": labels.tolist(),
                         "pearson": number(stats.pearsonr(x, y)[0]), "spearman": number(stats.spearmanr(x, y)[0]),
                         "point_biserial": number(stats.pointbiserialr(labels, x)[0])})

tests = []
for b, c in [(0, 0), (1, 0), (0, 5), (3, 9), (12, 12), (24, 0), (11, 13), (25, 0), (12, 13), (10, 30), (100, 140), (3, 200)] + \
        [pair for pair in random.integers(0, 40, (20, 2)).tolist() if pair[0] != pair[1]]:
    found = mcnemar([[10, b], [c, 10]], exact=b + c < 25, correction=True)
    tests.append({"only_first": b, "only_second": c, "statistic": float(found.statistic), "p_value": float(found.pvalue)})

bootstrap = []
for n in [12, 60]:
    values = np.round(random.random(n) ** 3, 4)
    row = {"values": values.tolist()}
    for method in ["percentile", "BCa"]:
        interval = stats.bootstrap((values,), np.mean, n_resamples=200_000, method=method, batch=10_000,
                                   rng=np.random.default_rng(1)).confidence_interval
        row[method.lower()] = [float(interval.low), float(interval.high)]
    bootstrap.append(row)

parts = {"tails": tails, "normal_quantiles": normal, "student_quantiles": student, "confusions": confusions,
         "correlations": correlations, "mcnemar": tests, "bootstrap": bootstrap}
print("{\n" + ",\n".join(f'"{key}": [\n' + ",\n".join(json.dumps(row, default=float) for row in rows) + "\n]"
                         for key, rows in parts.items()) + "\n}")
