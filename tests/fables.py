"""Fables in other scripts than Latin: three each, a question to one of them, and words of the sentence that tells."""

# ruff: noqa: RUF001 - the letters of other scripts are the point

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fables:
    """Texts in one script. `question` is answered by the sentence that holds `told`, of one text alone."""

    texts: tuple[str, ...]
    question: str
    told: str

    @property
    def answering(self) -> str:
        """The text that answers."""
        return next(text for text in self.texts if self.told in text)


CHINESE = Fables(
    texts=(
        "狐狸在葡萄架下走来走去。葡萄挂得太高，它怎么跳也够不着。狐狸生气地说：“葡萄是酸的。”于是它饿着肚子走了。",
        "乌鸦把一块奶酪藏在磨坊的屋顶上。老鼠夜里爬上去，把奶酪偷走了。第二天早上乌鸦什么也没有找到。",
        "乌龟和兔子在河边赛跑。兔子在树下睡着了。乌龟慢慢地走到了终点，青蛙给它戴上了花环。",
    ),
    question="乌鸦的奶酪是谁偷走的？",
    told="偷走了",
)

RUSSIAN = Fables(
    texts=(
        "Лисица ходила под виноградом. Гроздья висели слишком высоко. «Виноград кислый», — сказала она и ушла.",
        "Ворона спрятала кусок сыра на крыше мельницы. Ночью туда залезла мышь и утащила сыр. Утром ворона плакала.",
        "Черепаха и заяц бежали вдоль реки. Заяц уснул под деревом. Черепаха дошла, и лягушки надели на неё венок.",
    ),
    question="Кто утащил сыр вороны с крыши?",
    told="утащила сыр",
)

ARABIC = Fables(
    texts=(
        "مشى الثعلب تحت العنب. كان العنب عالياً جداً ولم يستطع الوصول إليه. قال الثعلب: العنب حامض، ثم ذهب جائعاً.",
        "خبأ الغراب قطعة من الجبن على سطح الطاحونة. في الليل صعد الفأر وسرق الجبن. هل وجد الغراب شيئاً في الصباح؟ لا.",
        "تسابقت السلحفاة والأرنب على ضفة النهر. نام الأرنب تحت الشجرة. وصلت السلحفاة إلى النهاية.",
    ),
    question="مَن سَرَقَ جُبْنَ الغُرابِ؟",
    told="وسرق الجبن",
)

JAPANESE = Fables(
    texts=(
        "狐が葡萄の木の下を歩いていました。葡萄は高すぎて、狐には届きませんでした。「どうせ酸っぱい。」と狐は言って、帰りました。",
        "カラスはチーズを水車小屋の屋根に隠しました。夜、ネズミが登ってきて、チーズを盗みました。朝、カラスは何も食べられませんでした。",
        "カメとウサギが川のそばで競走しました。ウサギは木の下で眠ってしまいました。カメがゴールに着くと、カエルが花の輪をかけました。",
    ),
    question="カラスのチーズを盗んだのは誰ですか？",
    told="盗みました",
)

ALL = {"Chinese": CHINESE, "Russian": RUSSIAN, "Arabic": ARABIC, "Japanese": JAPANESE}
