"""What a message does: states, asks, gives up, tests the tutor. Rules in three languages.

The rules see form, not meaning: they catch what is said in set phrases. Whoever judges adds
exemplars for the rest (`tutor.assess`). Several acts may hold at once; the main one comes first.
"""

from __future__ import annotations

import re

from tutor.dialogue.events import Act
from tutor.dialogue.sentences import is_cjk, normalise, words


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


_INJECTION = _any(
    # The tutor's rules, not those a clinician lives by: "ignore your rules", not "the rules on privacy".
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,12}\b(?:your|previous|prior|above|earlier|preceding)\b.{0,20}"
    r"\b(?:instructions?|rules?|prompts?|guidelines|settings?|programming|constraints?|restrictions?)\b",
    r"^(?:please |now |ok(?:ay)?,? |and )*(?:ignore|disregard|forget) (?:about )?(?:all |any |every |the |these |those )*"
    r"(?:instructions?|prompts?|rules?)\b(?! (?:on|of|about|for|that|against|around|in|which))",
    r"\b(?:system|hidden|developer) prompt\b|\bhidden (?:instructions?|rules?|notes?)\b|\b(?:developer|debug|admin|god) mode\b|"
    r"\byour (?:system |own )?(?:instructions?|prompt|system message)\b",
    r"\b(?:show|reveal|print|list|give|tell|output|repeat|display)\b.{0,25}"
    r"\b(?:rubric|answer key|mark(?:ing)? scheme|(?:marking|scoring) (?:notes?|guide|criteria|key|rubric))\b",
    r"\b(?:show|give|tell|send) (?:me|us) (?:all |each |every |of |the |your |hidden |remaining |case'?s? )*"
    r"(?:expectations?|misconceptions?|marking|scoring|prompt)\b",
    r"\b(?:show|reveal|print|list|output|repeat|display) (?:me |us )?(?:out )?(?:all |of |the |your |hidden |remaining )*"
    r"(?:expectations?|misconceptions?|marking|scoring|prompt)[\s.!]*$",
    r"^\W*(?:from now on,? )?you are now\b|(?:^|[.!?,] *|please |now )pretend (?:to be|you(?:'re| are| were|r)?)\b|\bjailbreak\b|"
    r"\bact as (?:an? )?(?:ai|dan|unrestricted|different|chatbot|pirate|admin)\b",
    r"\bmark (?:me|my answers?|everything|it all) (?:as )?(?:correct|complete|covered|passed)\b|"
    r"^(?:please |just )*mark (?:this|it)(?: case| stage| answer)? (?:as )?(?:correct|complete|covered|passed)\b",
    r"(?<![不能可應应要會会沒没勿])[忽無无][略視视](?:掉|了)?.{0,4}(?:你|以上|上述|上面|之前|先前|前面|所有|一切|全部|任何).{0,8}"
    r"(?:指令|指示|規則|规则|提示|設定|设定)|^(?:請|请)?[忽無无][略視视](?:指令|指示|提示詞|提示词)",
    r"(?:系統|系统)(?:提示[詞词語语]|指令|prompt)|你.{0,4}(?:系統|系统)提示|答案(?:列表|清單|清单)",
    r"(?:顯示|显示|列出|輸出|输出|公開|公开|告訴我|告诉我|話我知|话我知|給我|给我|畀我|俾我|睇).{0,10}(?:評分|评分)(?:標準|标准|準則|准则|細則|细则|重點|重点)",
    r"(?:評分|评分)(?:標準|标准|準則|准则|細則|细则|重點|重点).{0,8}(?:顯示|显示|列出|輸出|输出|公開|公开|給我|给我|畀我|俾我|話我知|话我知|告訴我|告诉我)",
    r"(?:忘記|忘记|唔好理|不要理|不用理|別管|别管).{0,4}(?:你|以上|上述|之前|先前|上面|前面|所有).{0,8}(?:指令|指示|規則|规则|設定|设定)",
    r"^(?:請|请|現在|现在|由而家開始|从现在起|從現在起|，|,)*(?:你)?(?:要)?扮演|你(?:現在|现在|要)?扮演|^(?:你現在是|你现在是)|(?:假裝|假装)你",
    r"(?:標記|标记|判)(?:我|全部|所有).{0,6}(?:正確|正确|完成|通過|通过|合格)|"
    r"(?:把|將|将)(?:我|全部|所有).{0,6}(?:標記|标记|判|評|评)(?:為|为|作|成|做)?(?:正確|正确|完成|通過|通过|合格)",
)
_DISTRESS = _any(
    r"\bi (?:can'?t|cannot) (?:go on|live with|cope|stop crying|sleep since)\b",
    r"\b(?:i|my|me)\b[^.!?]{0,60}\b(?:mistake|fault|error|missed it|did this|did that|did it)\b"
    r"[^.!?]{0,60}\b(?:died|dead|death|lost (?:her|him|the)|killed)\b",
    r"\b(?:died|death|killed)\b[^.!?]{0,40}\b(?:because of me|my fault|my mistake|my error)\b",
    r"\bi (?:killed|nearly killed|harmed) (?:a|my|the|that) patient\b|\bhaunts me\b",
    r"\b(?:happened to me|i (?:once|also|myself)|my (?:own )?patient|last (?:year|month|week))\b.{0,120}"
    r"\b(?:died|passed away|death)\b|\bi still (?:can'?t|cannot) (?:sleep|forgive|forget)\b",
    r"(?:病人|患者).{0,30}(?:內疚|内疚|自責|自责)|(?:內疚|内疚|自責|自责).{0,30}(?:病人|患者)",
    r"(?:因為我|因为我|由於我|由于我|我的錯|我的错|我害|係我累|我出错|我出錯|我犯)(?:(?!怕|擔心|担心|會|会|想).){0,25}"
    r"(?:死|去世|過身|过世|走了|離世|离世)",
    r"(?:死|去世|過身|过世|離世|离世).{0,20}(?:是我的錯|是我的错|因為我|因为我|我害|係我累)",
)
_SELF_HARM = _any(
    r"\b(?:kill|hurt|harm) myself\b|\bsuicid|\bend (?:it all|my life)\b|\bwant to die\b",
    r"(?:想死|自殺|自杀|不想活|活不下去|結束生命|结束生命|撐不下去|撑不下去|死[咗了]算"
    r"|唔想做人|生無可戀|生无可恋|活[着著]?(?:都|也)?[沒没冇]有?(?:什麼|什么|甚麼|乜)?意(?:思|義|义))",
)
_SUPPOSED = _any(
    r"^\W*(?:but |and |so )?(?:what )?(?:if|suppose|imagine)\b",
    r"^(?:但|那)?(?:如果|假如|萬一|万一|假設|假设|若)",
)
_HELP = _any(
    r"\bjust (?:tell|give|show) (?:me|us)\b|\btell me (?:the )?(?:answer|directly|already)\b|\btell me what (?:to|you|i should|it is)\b",
    r"\b(?:give|need|want|have|get)\b.{0,12}\b(?:hint|clue)\b|\bhelp me\b|^help\b|\bcan you help\b|"
    r"\b(?:give me|need|want|i could use|get) (?:some |a bit of |more |a little )?help(?= *(?:[.!?,]|$|please|here|now|with (?:this|it)\b))|"
    r"\bhint,? ?(?:please|pls|plz)?$",
    r"\bwhat(?:'s| is| are) the (?:right |correct |model |best )?answers?\b",
    r"\bwhat (?:do|would) you want me to say\b|\bwhat should i (?:say|write|answer)\b(?! (?:to|in|on|about) )",
    r"\bcan you (?:just )?(?:tell|explain|give) (?:it|me|this)\b|\bexplain (?:it|this) (?:to me|please)",
    r"(?:直接|快啲|快点|乾脆|干脆|就)(?:告訴|告诉|講|讲|說|说|話|话|給|给|俾|畀)(?:返|俾|畀|給|给)?(?:我(?!的|們|们|哋|同事|妹)|答案|吧|啦|$)",
    r"(?:給|给|俾|畀)(?:我|啲|點|点|些|一|個|个|少)+.{0,2}(?:提示|貼士|答案|提點|线索|線索)|"
    r"(?:需要|我要|想要|求)(?:一點|一点|啲|些|個|个)?(?:(?:提示|貼士)(?!系統|系统)|(?:幫助|帮助|幫忙|帮忙)(?=[。！!，,]|$))",
    r"(?:^|[，。,!！ ]|請|请|可以|可唔可以|能)(?:幫|帮)(?:幫|帮|下)?我(?!們|们|哋|的)|答案(?:是|係)(?:甚麼|什么|什麼|咩|乜)|"
    r"(?:話|话|告訴|告诉)我(?:知|聽|听|吧|啦|答案)",
)
_GIVE_UP = _any(
    r"\bi give up\b|^(?:please |ok(?:ay)?,? |just |i'?ll )*(?:skip|next|move on|pass)(?: (?:this|it|please|one|question))*[.! ]*$",
    r"\b(?:let'?s|can we) (?:move on|skip(?= *(?:this|it|ahead|[.!?]|$)))",
    r"\bi (?:want to|wanna) (?:stop|quit)\b|\bi'?m done\b|\benough of this\b",
    r"^(?:我)?(?:想|要)?(?:放棄|放弃|跳過|跳过|算了|唔玩|不做了|唔做)(?:了|啦|吧|喇|罷|罢|它|佢)*[。！!.]*$|"
    r"我(?:放棄|放弃)(?:了|啦|喇)|下一[題题]|下一[個个](?:吧|啦|$)|(?:跳過|跳过)(?:呢|這|这|此)",
)
_DONT_KNOW = _any(
    r"\b(?:i )?(?:really |honestly |just |still )*(?:don'?t|do not|dont|didn'?t)(?: really| even)? "
    r"(?:know|have (?:a |any )?(?:clue|idea))\b(?=[.!, ]|$)|\bdunno\b|\bi (?:really |honestly )*(?:don'?t|do not)[.! ]*$",
    r"\bno (?:idea|clue|thoughts)\b|\bidk\b|\bnot (?:really )?(?:sure|certain)\b|\bunsure\b|\bno lah?\b",
    r"\bhaven'?t (?:a |got a )?(?:clue|idea)\b|\bbeats me\b|\bcan'?t (?:think|say|remember|recall)\b",
    r"\bnothing (?:comes to mind|else|more)\b|\bi'?m (?:lost|stuck|blank|not sure)\b|\bmy mind is blank\b",
    r"(?<![他她佢它們们人者士生屬属])(?:不|唔|冇|没有?|沒有?)(?:太|是很|係好|係好)?(?:知道?|清楚|肯定|確定|确定|頭緒|头绪|主意|想法|諗法|idea)",
    r"未(?:知|想到|諗到|有頭緒|有头绪|有想法|有諗法)",
    r"(?:想|諗)(?:不|唔)(?:到|出|起)|(?:無|毫无|毫無)(?:頭緒|头绪|概念)|冇諗法|唔識|不懂|不會答|不会答|没概念",
)
_QUESTION_START = re.compile(
    r"^(?:and |but |so |sorry,? |excuse me,? )*(?:what|which|who|whom|whose|when|where|why|how|is|are|"
    r"was|were|does|do|did|can|could|should|would|will|may|must|has|have|isn'?t|aren'?t|doesn'?t|"
    r"what'?s|who'?s)\b",
    re.IGNORECASE,
)
_ASKS_TO_BE_TOLD = re.compile(
    r"^(?:please |can you |could you )*(?:tell me|explain)(?: to me)? (?:what|which|whether|why|how|who|when|about)\b"
    r"(?! (?:to|you|i should|it is)\b)",
    re.IGNORECASE,
)
_UNMARKED_QUESTION = re.compile(
    r"^(?:what|who|why|how|where|when|which \w+) (?:is|are|was|were|do|does|did|can|could|should|"
    r"would|will|about|if)\b(?!.*,).{0,80}$",
    re.IGNORECASE,
)
_QUESTION_CJK = re.compile(
    r"[嗎吗呢咩]\s*$|^(?:請問|请问|想問|想问|甚麼|什麼|什么|為何|为何|為什麼|为什么|點解|点解|怎樣|怎样|怎么|"
    r"邊個|边个|如何|哪|是否|可否|能否)"
)
_META = _any(
    r"\bare you (?:an? )?(?:ai|bot|robot|human|real|machine|computer|person|llm|chatgpt)\b",
    r"\bwho (?:made|built|wrote|created|are) you\b|\bhow do you (?:work|judge|grade|score|mark|know)\b",
    r"\b(?:is|are) (?:this|my answers?|it|these)\b.{0,15}\b(?:recorded|saved|graded|stored|assessed)\b",
    r"\bwho (?:can|will) (?:see|read)\b.{0,15}\b(?:this|my|answers?)\b|\bhow long (?:is|does|will) (?:this|it)\b",
    r"\bwho'?s (?:reading|marking)\b|\bis this (?:chat|session|conversation|tutor)\b",
    r"你(?:是|係)(?:不是|咪|唔係)?.{0,4}(?:AI|人工智能|機器|机器|真人|機械|程式|程序|chatgpt)",
    r"(?:誰|谁|邊個|边个)(?:會|会|可以|能)?(?:看|睇|見|见|製|制|造|設計|设计)(?:到|見|见)?.{0,6}(?:答|對話|对话|記錄|记录|你)",
    r"(?:會不會|会不会|會唔會|有冇|有沒有|有没有|(?:會|会)(?:被)?)(?:記錄|记录|錄|录|保存|儲存|储存|計分|计分|評分|评分|打分).{0,8}[嗎吗呢?？]",
    r"你(?:怎樣|怎样|怎么|點樣|如何)(?:評|评|判|運作|运作|工作)",
)
_OFF_TASK = _any(
    r"\b(?:weather|football|soccer|recipe|joke|poem|horoscope|stock price|bitcoin|lottery|movie|"
    r"lunch|dinner|restaurant|holiday plans|world cup|basketball|karaoke)\b",
    r"(?:天氣|天气|足球|笑話|笑话|食譜|食谱|股票|股價|股价|食飯|吃飯|吃饭|午餐|晚餐|飲茶|電影|电影|六合彩|彩票|打風|打边炉|打邊爐|唱歌)",
)
_AFFECT = _any(
    r"\b(?:frustrat|annoy|tired|exhaust|stress|overwhelm|upset|bor(?:ed|ing)|hate this|sad|angry|"
    r"worn out|fed up|hard on me|anxious|uncomfortable|makes me)\w*",
    r"\bthis is (?:so |too |really |very )?(?:hard|difficult|much|tough|depressing)\b",
    r"(?:好煩|很煩|好烦|很烦|好攰|很累|好累|太累|好難|太難|太难|好难|心累|崩潰|崩溃|唔開心|好慘|好悶|好闷)",
    r"(?:^|[，。,！!])(?:我|真係|真的|覺得|觉得|好|很|有點|有点)[^，。,他她佢病患]{0,6}"
    r"(?:壓力|压力|沮喪|沮丧|難過|难过|生氣|生气|嬲|悶|无聊|無聊|焦慮|焦虑|難受|难受|不舒服|內疚|内疚)",
)
_AGREE = re.compile(
    r"^(?:(?:yes|yeah|yep|yup|exactly|indeed|ok(?:ay)?|i agree|precisely|that'?s (?:it|right|what i mean\w*))(?![\w'’])|"
    r"(?:correct|right|sure|agreed?|it is|(?:please )?(?:continue|go on|carry on))(?= *(?:[,.!;:—]|please|$)))",
    re.IGNORECASE,
)
_AGREE_CJK = re.compile(
    r"^(?:係[呀啊喎]|係的|是[的啊呀]|對[的啊呀]|对[的啊呀]|沒錯|没错|冇錯|嗯+|好[的啊呀]|正是|就是(?:這樣|这样|咁)|"
    r"(?:係|是|對|对|好|可以|同意|正是|就是|請?繼續|请?继续)(?=[,，。!！ 、吧啦]|$))[,，。!！ 、吧啦]*"
)
_DISAGREE = re.compile(
    r"^(?:no|nope|nah|not really|not exactly|i (?:dis|don'?t )agree|that'?s not (?:it|right|what i)|wrong)"
    r"(?![\w'’])(?! (?:need|one|idea|clue|point|way|matter|more|doubt|longer|reason|harm|problem))|"
    r"^(?:唔係|不是的?|不對|不对|不同意|唔同意|唔啱|並不是|并不是|否)[,，。!！ ]*",
    re.IGNORECASE,
)
_GO_ON = _any(
    r"\b(?:continue|carry on|go on|resume|move on|proceed|keep going|next question|back to the case|i'?m ready|ready (?:now|to))\b",
    r"繼續|继续|下一[題题]|準備好|准备好|(?:返去|回到)(?:個案|病例|案例)|開始吧|开始吧|^(?:想|要|好|得|可以)[呀啊的吧啦。！!]*$",
)
_NOT_ON = _any(
    r"\b(?:don'?t|do not|not|can'?t|cannot|won'?t|never|no longer|stop|unable|hard|difficult)\b",
    r"不|唔|未|別|别|無法|无法|[沒没冇](?:辦|办)?法|停|難|难",
)
_HEDGE = _any(
    r"\b(?:maybe|perhaps|possibly|i guess|i suppose|not sure but|might|probably|i think|could be)\b",
    r"可能|或者|也許|也许|大概|應該是|应该是|我猜|我諗|似乎",
)
_SHORT = 12
"""Words up to which a set phrase is taken to be the whole of a message."""
_BRIEF = 6
"""Words up to which an expression of feeling is taken to be nothing else."""


def rule_acts(text: str) -> tuple[Act, ...]:
    """The acts that set phrases show, the main one first; `assertion` where there are none.

    Never raises; a message of any length, in any script, gets an answer.
    """
    text = text[:4000].strip().replace("’", "'")
    if _INJECTION.search(text):
        return ("injection",)
    if _is_empty(text):
        return ("empty",)
    short = words(text) <= _SHORT
    if _SELF_HARM.search(text) or (_DISTRESS.search(text) and not _SUPPOSED.search(text)):
        return ("distress",)
    asks = _asks(text)
    if (help_act := _help(text, asks=asks, short=short)) is not None:
        return help_act
    if _META.search(text) and (asks or short):
        return ("meta",)
    if _OFF_TASK.search(text) and words(text) <= 25:
        return ("off_task",)
    if short and _AFFECT.search(text) and not asks:
        # A feeling may come with a thought, which is heard as well.
        return ("affect",) if words(text) <= _BRIEF else ("affect", "assertion")
    acts = list(_stance(text))
    if asks:
        acts += ["question"] if acts or not _says_more(text) else ["assertion", "question"]
    if _HEDGE.search(text):
        acts.append("uncertainty")
    return tuple(acts) if acts and acts[0] != "uncertainty" else ("assertion", *acts)


def wants_to_go_on(text: str) -> bool:
    """Whether a message asks to take the case up again, after it was stopped."""
    text = text.replace("’", "'")
    return bool(_GO_ON.search(text)) and not _NOT_ON.search(text)


def _help(text: str, *, asks: bool, short: bool) -> tuple[Act, ...] | None:
    if _HELP.search(text) and words(text) <= 20:
        return ("help_request",)
    if _GIVE_UP.search(text) and short:
        return ("give_up",)
    if asks and not re.search(r"\bidk\b|don'?t know", text, re.IGNORECASE):
        return None
    return ("dont_know",) if _only(text, _DONT_KNOW) else None


def _only(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether a set phrase is about all there is: what is left over says nothing of its own."""
    if not pattern.search(text):
        return False
    rest = words(pattern.sub(" ", text))
    total = words(text)
    return rest <= 4 or (total <= _SHORT and rest <= total / 2)


def _stance(text: str) -> tuple[Act, ...]:
    flat = text.strip()
    stances: tuple[tuple[re.Pattern[str], Act], ...] = (
        (_DISAGREE, "disagree"),
        (_AGREE_CJK if is_cjk(flat) else _AGREE, "agree"),
    )
    for pattern, stance in stances:
        match = pattern.match(flat)
        if match:
            rest = words(flat[match.end() :])
            return (stance,) if rest <= 3 else (stance, "assertion")
    return ()


def _last_sentence(text: str) -> str:
    parts = re.split(r"(?<=[.!?。！？])\s*", text.strip(" \n\"'”’」"))
    return next((p for p in reversed(parts) if p.strip()), "")


def _says_more(text: str) -> bool:
    return words(text) - words(_last_sentence(text)) >= 5


def _asks(text: str) -> bool:
    tail = _last_sentence(text)
    if is_cjk(tail):
        return tail.rstrip().endswith(("?", "？")) or bool(_QUESTION_CJK.search(tail.strip()))
    if _ASKS_TO_BE_TOLD.match(tail.strip()):
        return True
    if _QUESTION_START.match(tail.strip()):
        return tail.rstrip().endswith(("?", "？")) or bool(_UNMARKED_QUESTION.match(tail.strip()))
    return tail.rstrip().endswith(("?", "？")) and bool(
        re.search(r"\b(?:what|which|who|why|how|where|when)\b", tail, re.IGNORECASE)
    )


def _is_empty(text: str) -> bool:
    flat = normalise(text).replace(" ", "")
    if not flat or flat.isdigit():
        return True
    if is_cjk(text):
        return len(set(flat)) == 1 and len(flat) > 2
    if len(set(flat)) <= 2 and len(flat) > 3:
        return True
    tokens = normalise(text).split()
    odd = [t for t in tokens if len(t) > 4 and not re.search(r"[aeiouy]", t)]
    mash = [t for t in tokens if re.search(r"asdf|qwer|zxcv|hjkl|[bcdfghjklmnpqrstvwxz]{6,}", t)]
    return len(tokens) <= 4 and len(odd) + len(mash) >= max(1, len(tokens) / 2)
