#!/usr/bin/env python3
"""Ten public tables, ten splits each: `tapegrad train` beside scikit-learn on the same rows.

    tables.py --tapegrad .build/release/tapegrad --seaborn DIR [--seeds 10] [--only iris,wine]

Each split holds out a fifth of the rows, stratified by class. Both sides learn from the others: `tapegrad train` with no
option but the labels, their task and the seed, and `tapegrad evaluate` on the rows held out; scikit-learn's linear model and
its network with their defaults, behind what they need and the command does by itself: means for missing values, one-hot
categories, standardized features, and in regression standardized labels for the network. Accuracy, or R²: mean and standard
error over the splits. Seconds are those of `fit`, and of the whole command, which reads, trains, writes and draws.

DIR is a clone of github.com/mwaskom/seaborn-data. Needs scikit-learn and pandas.
"""

import argparse
import json
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn import datasets
from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

warnings.simplefilter("ignore")  # that 200 epochs, MLPClassifier's default, did not converge
LABELS = "the_label"


def tables(seaborn):
    """Name, features, labels, and whether these are classes."""
    for name, load in [
        ("iris", datasets.load_iris),
        ("wine", datasets.load_wine),
        ("breast cancer", datasets.load_breast_cancer),
        ("digits", datasets.load_digits),
        ("diabetes", datasets.load_diabetes),
    ]:
        table = load(as_frame=True)
        yield name, table.data, table.target, name != "diabetes"
    # What is left out are names of rows, and columns that say the label in other words.
    for name, label, left_out in [
        ("penguins", "species", []),
        ("titanic", "survived", ["class", "who", "adult_male", "deck", "embark_town", "alive", "alone"]),
        ("mpg", "mpg", ["name"]),
        ("tips", "tip", []),
        ("diamonds", "price", []),
    ]:
        table = pd.read_csv(Path(seaborn) / f"{name}.csv").drop(columns=left_out).dropna(subset=[label])
        if len(table) > 2000:
            table = table.sample(2000, random_state=0)
        yield name, table.drop(columns=label), table[label], name in ("penguins", "titanic")


def peers(is_classes, seed):
    """The linear model and the network."""
    columns = make_column_transformer(
        (SimpleImputer(), make_column_selector(dtype_include="number")),
        (
            make_pipeline(
                SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore", sparse_output=False)
            ),
            make_column_selector(dtype_exclude="number"),
        ),
    )
    if is_classes:
        models = LogisticRegression(), MLPClassifier(random_state=seed)
    else:
        network = MLPRegressor(random_state=seed)
        models = LinearRegression(), TransformedTargetRegressor(network, transformer=StandardScaler())
    return [make_pipeline(columns, StandardScaler(), model) for model in models]


def command(tapegrad, options, training, test, task, seed):
    """The metric of the command on the rows held out, and its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (x, y) in [("training", training), ("test", test)]:
            x.assign(**{LABELS: y}).to_csv(f"{folder}/{name}.csv", index=False)
        start = time.perf_counter()
        subprocess.run(
            [tapegrad, "train", f"{folder}/training.csv", "--labels", LABELS, "--task", task, "--test", "0"]
            + ["--seed", str(seed), "--output", f"{folder}/model", *options],
            check=True,
            capture_output=True,
        )
        seconds = time.perf_counter() - start
        done = subprocess.run(
            [tapegrad, "evaluate", f"{folder}/test.csv", "--model", f"{folder}/model", "--json"],
            check=True,
            capture_output=True,
        )
        found = json.loads(done.stdout)
        assert found["count"] == len(test[1])
        return found["R²" if task == "regression" else "accuracy"], seconds


def row(name, x, y, is_classes, arguments):
    task = "regression" if not is_classes else "binary" if y.nunique() == 2 else "classes"
    scores, seconds = {}, {}
    for seed in range(arguments.seeds):
        split = train_test_split(x, y, test_size=0.2, random_state=seed, stratify=y if is_classes else None)
        training, test = (split[0], split[2]), (split[1], split[3])
        for model, kind in zip(peers(is_classes, seed), ("linear", "network")):
            start = time.perf_counter()
            model.fit(*training)
            seconds.setdefault(kind, []).append(time.perf_counter() - start)
            scores.setdefault(kind, []).append(model.score(*test))
        score, time_taken = command(arguments.tapegrad, arguments.options, training, test, task, seed)
        scores.setdefault("ours", []).append(score)
        seconds.setdefault("ours", []).append(time_taken)

    def text(values):
        return f"{100 * np.mean(values):.2f} ± {100 * error(values):.2f}"

    better = max(("linear", "network"), key=lambda kind: np.mean(scores[kind]))
    difference = np.mean(scores["ours"]) - np.mean(scores[better])
    verdict = "yes" if difference >= -error(scores["ours"]) else "**no**"
    cells = [name, f"{len(x)} × {x.shape[1]}", "accuracy" if is_classes else "R²"]
    cells += [text(scores[kind]) for kind in ("linear", "network", "ours")]
    cells += [f"{100 * difference:+.2f}", text(np.subtract(scores["ours"], scores[better])), verdict]
    cells += [f"{np.mean(seconds[kind]):.3f}" for kind in ("linear", "network", "ours")]
    print("| " + " | ".join(cells) + " |", flush=True)


def error(values):
    """The standard error of the mean."""
    return np.std(values, ddof=1) / len(values) ** 0.5


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tapegrad", required=True)
    parser.add_argument("--seaborn", required=True)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", default="")
    parser.add_argument("options", nargs="*", help="options of train, after --")
    arguments = parser.parse_args()
    print(f"scikit-learn {sklearn.__version__}; {arguments.seeds} splits; in %, mean ± standard error\n")
    titles = ["table", "size", "metric", "linear", "MLP", "tapegrad", "to the better", "paired", "within one error"]
    titles += ["linear, s", "MLP, s", "tapegrad, s"]
    print("| " + " | ".join(titles) + " |\n|" + "---|" * len(titles))
    for name, x, y, is_classes in tables(arguments.seaborn):
        if not arguments.only or name in arguments.only.split(","):
            row(name, x, y, is_classes, arguments)


if __name__ == "__main__":
    main()
