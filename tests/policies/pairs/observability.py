from tests.policies.judged import Pair

PAIRS: dict[str, Pair] = {}
