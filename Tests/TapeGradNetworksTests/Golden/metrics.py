"""What scikit-learn's metrics give on random rows: python metrics.py > metrics.json

Fifty cases of each kind: classes, scores of two classes, probabilities of several classes, numbers. Scores are rounded, so
that there are ties; some rows have one class only. NaN is written as null. Needs scikit-learn; nothing of the library does.
"""

import json
import math
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m
from sklearn.calibration import calibration_curve

warnings.simplefilter("ignore")
random = np.random.default_rng(1)


def plain(value):
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    value = float(value)
    return None if math.isnan(value) else value


def classes_case(k):
    count, classes = int(random.integers(1, 13)), int(random.integers(2, 5))
    labels = random.integers(0, classes, count)
    predictions = np.where(random.random(count) < 0.5, labels, random.integers(0, classes, count))
    if k % 10 == 0:
        labels[:] = labels[0]
    case = {
        "labels": labels.tolist(),
        "predictions": predictions.tolist(),
        "classes": classes,
        "matrix": m.confusion_matrix(labels, predictions, labels=range(classes)).tolist(),
        "accuracy": plain(m.accuracy_score(labels, predictions)),
        "balancedAccuracy": plain(m.balanced_accuracy_score(labels, predictions)),
    }
    for name, score in [("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score)]:
        case[name] = plain(score(labels, predictions, labels=range(classes), average=None))
        case[name] += [plain(score(labels, predictions, average=average)) for average in ("macro", "micro")]
    return case


def scores_case(k):
    count = int(random.integers(2, 16))
    labels = random.integers(0, 2, count)
    if k % 10 == 0:
        labels[:] = (k // 10) % 2
    scores = np.round(np.clip(0.3 * labels + 0.7 * random.random(count), 0, 1), 1 if k % 2 else 3)
    false, true, thresholds = m.roc_curve(labels, scores, drop_intermediate=False)
    precisions, recalls, _ = m.precision_recall_curve(labels, scores)
    shares, probabilities = calibration_curve(labels, scores, n_bins=5, pos_label=1)
    return {
        "labels": labels.tolist(),
        "scores": plain(scores),
        "thresholds": plain(thresholds[1:]),
        "falsePositiveRates": plain(false[1:]),
        "truePositiveRates": plain(true[1:]),
        "area": plain(m.roc_auc_score(labels, scores)),
        "precisions": plain(precisions[::-1]),
        "recalls": plain(recalls[::-1]),
        "averagePrecision": plain(m.average_precision_score(labels, scores)),
        "logLoss": plain(m.log_loss(labels, scores, labels=[0, 1])),
        "brierScore": plain(m.brier_score_loss(labels, scores, labels=[0, 1])),
        "calibration": [plain(probabilities), plain(shares)],
    }


def probabilities_case(k):
    count, classes = int(random.integers(1, 9)), int(random.integers(3, 5))
    labels = random.integers(0, classes, count)
    if k % 10 == 0:
        labels[:] = labels[0]
    # Multiples of 1/8 that sum to 1, some of them 0.
    probabilities = np.array([np.bincount(random.integers(0, classes, 8), minlength=classes) / 8 for _ in range(count)])
    return {
        "labels": labels.tolist(),
        "probabilities": plain(probabilities.T),
        "logLoss": plain(m.log_loss(labels, probabilities, labels=range(classes))),
        "brierScore": plain(m.brier_score_loss(labels, probabilities, labels=range(classes))),
    }


def numbers_case(k):
    count = 1 if k == 0 else int(random.integers(2, 13))
    labels = np.round(random.normal(0, 10, count), 2)
    if k % 10 == 1:
        labels[:] = np.round(labels[0])  # a mean without rounding, or scikit-learn divides by 1e-30
    predictions = labels + (0 if k == 11 else np.round(random.normal(0, 3, count), 2))
    return {
        "labels": plain(labels),
        "predictions": plain(predictions),
        "values": plain(
            [
                m.r2_score(labels, predictions),
                m.mean_absolute_error(labels, predictions),
                m.root_mean_squared_error(labels, predictions),
            ]
        ),
    }


print(f'{{"source": "scikit-learn {sklearn.__version__}"')
for kind, case in [
    ("classes", classes_case),
    ("scores", scores_case),
    ("probabilities", probabilities_case),
    ("numbers", numbers_case),
]:
    print(f', "{kind}": [' + "\n, ".join(json.dumps(case(k)) for k in range(50)) + "]")
print("}")
