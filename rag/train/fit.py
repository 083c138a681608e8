"""Features of right and wrong candidates → the weight of each feature."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates of one question: `values` of shape (candidates, features), and which are right."""

    values: Values
    right: NDArray[np.bool_]


def fit(questions: Sequence[Ranked], *, penalty: float) -> Values:
    """The weights under which right candidates are likeliest first: shape (features,).

    Minimises the cross entropy of the softmax over each question's candidates (ListNet's top one, Cao et al. 2007) and
    `penalty` times the squared weights. Questions with no right or no wrong candidate teach nothing and are left out.
    """
    telling = [q for q in questions if q.right.any() and not q.right.all()]
    values = np.concatenate([q.values for q in telling])
    right = np.concatenate([q.right for q in telling])
    start = np.cumsum([0, *(len(q.right) for q in telling)])[:-1]
    owner = np.repeat(np.arange(len(telling)), [len(q.right) for q in telling])

    def loss(weights: Values) -> tuple[float, Values]:
        scores = values @ weights
        likely = np.exp(scores - np.maximum.reduceat(scores, start)[owner])
        whole = np.add.reduceat(likely, start)
        good = np.add.reduceat(likely * right, start)
        share, right_share = likely / whole[owner], likely * right / good[owner]
        gradient = (share - right_share) @ values / len(telling) + 2 * penalty * weights
        return float(np.log(whole / good).mean() + penalty * weights @ weights), gradient

    found: Values = minimize(loss, np.zeros(values.shape[1]), jac=True, method="L-BFGS-B").x
    return found
