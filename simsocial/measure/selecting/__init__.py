"""Which of several alternatives is the best: procedures that say after which replications that is sure (R123)."""

from simsocial.measure.selecting.betting import betting as betting
from simsocial.measure.selecting.kim_nelson import kim_nelson as kim_nelson
from simsocial.measure.selecting.question import FIRST_STAGE as FIRST_STAGE
from simsocial.measure.selecting.question import Question as Question
from simsocial.measure.selecting.question import Standing as Standing
