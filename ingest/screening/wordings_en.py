"""How one speaks to a language model in English.

The rules see form, not meaning. Guidance on AI talks of models, prompts and instructions all the
time, so no word alone counts: each rule wants the form of an address, an imperative at the start
of a clause, or a pair of words that only an attack puts together. A blank in a pattern stands for
any white space, for a PDF breaks its lines anywhere.
"""

from __future__ import annotations

from ingest.screening.wording import Wording

_CLAUSE = (
    r"(?:^|[\n.!?:;,|>\"'“”‘’()\[\]{}*#`。！？；，：-]|\b(?:please|now|then|and|also|instead"
    r"|you must|you should|you will|you have to|you are to|i want you to|can you|could you)) ?"
)
"""Where an imperative may begin."""
_SENTENCE = r"(?:^|[\n.!?:;|>\"“”)\]*#-]|\bplease|\b(?:can|could|would) you) ?"
"""Where a sentence may begin."""
_SAME = r"(?:[^.!?\n]|[.!?](?=[\w\"'”’/]))"
"""A character of the same sentence: a stop within an address or a quotation ends none."""
_MODEL = (
    r"(?:(?:ai|llm|gpt|chatgpt|claude|gemini|copilot|deepseek|qwen|chatbot|bot)s?"
    r"|(?:(?:large )?language|ai) (?:models?|systems?|agents?)"
    r"|(?:ai|virtual|digital|helpful)[ -]assistants?)"
)
_ANSWER = r"(?:answers?|responses?|repl(?:y|ies)|outputs?|messages?)"
_LANGUAGES = (
    r"(?:french|spanish|german|italian|portuguese|russian|japanese|korean|arabic|hindi|latin"
    r"|chinese|mandarin|cantonese|english|dutch|greek|turkish|thai|vietnamese|swedish)"
)
_PIECES = (
    r"(?:poems?|haikus?|limericks?|sonnets?|songs?|lyrics|rhymes?|jokes?|riddles?|stor(?:y|ies)"
    r"|essays?|speech|tweets?|tagline|slogan|advert|recipe|screenplay|blog posts?|cover letter"
    r"|(?:python|java|javascript|sql|bash|c\+\+|php|html|shell)(?: \w+)? ?"
    r"(?:code|scripts?|functions?|programs?|quer(?:y|ies)|class))"
)

ENGLISH: tuple[Wording, ...] = (
    Wording(
        "override",
        "ignore|disregard|forget|override|bypass|discard|follow|obey & instruction|prompt"
        "|direction|command|program|training|constraint|restriction|message|context|guardrail"
        "|task|order|rule|guideline",
        rf"{_CLAUSE}(?:ignore|disregard|forget|override|bypass|discard|stop following"
        r"|(?:do not|don't) (?:follow|obey)) (?:about )?(?:(?:all|any|every|each|of|the|these|those"
        r"|my|your|and) ){0,4}(?:(?:previous|prior|above|earlier|preceding|foregoing|existing"
        r"|original|initial|former|system|safety|other|your)(?: and | or |, | )?){1,3}"
        r"(?:instructions?|prompts?|directions?|commands?|programming|training|constraints?"
        r"|restrictions?|messages?|context|guardrails?|tasks?|orders?|rules|guidelines)\b"
        r"(?! (?:of|from|by|given|left|made|about|on|for|in) )",
    ),
    Wording(
        "override",
        "ignore|disregard|forget & instruction|prompt|rules|command",
        rf"{_CLAUSE}(?:ignore|disregard|forget) (?:all|any|every|your) (?:instructions?|prompts?"
        r"|rules|commands?)\b(?! (?:of|from|by|given|left|made|about|on|for|in) )",
    ),
    Wording(
        "override",
        "ignore|disregard|forget & above|before|said|told|learned|written",
        rf"{_CLAUSE}(?:ignore|disregard|forget) (?:everything|anything|all|whatever)"
        r" (?:(?:that )?(?:was|is|came|comes|i|you|we) (?:\w+ ){0,3})?"
        r"(?:above|before|said|told|learned|written)\b",
    ),
    Wording(
        "new-role",
        "now & you",
        r"\byou(?: a|')re now (?:an? |the |in |my )?(?:\w+ ){0,3}(?:ai|assistant|chatbot|bot"
        r"|language model|llm|dan|agent|persona|character|pirate|hacker|jailbroken|unrestricted"
        r"|unfiltered|uncensored|(?:developer|debug|admin|god|root) mode)\b",
    ),
    Wording(
        "new-role",
        "you",
        r"\byou are now (?:free (?:of|from)|no longer bound)\b",
    ),
    Wording(
        "new-role",
        "act|behave|respond|answer|reply|speak|roleplay|role-play & as|like",
        rf"{_CLAUSE}(?:act|behave|respond|answer|reply|speak|roleplay|role-play) (?:like|as)"
        r" (?:if you (?:are|were) )?(?:an? )?(?:\w+ ){0,2}(?:ai|assistant|chatbot|bot|llm|dan"
        r"|pirate"
        r"|hacker|unrestricted|unfiltered|evil|linux terminal)\b",
    ),
    Wording(
        "new-role",
        "pretend",
        rf"{_SENTENCE}pretend (?:to be|that you(?: a|')re|you(?: a|')re) ",
    ),
    Wording(
        "new-role",
        "from now",
        rf"{_SENTENCE}from now on,? (?:you (?:are|will|must|should|can|only|have)|your (?:answers?"
        r"|responses?|name|role|task)|(?:always |only )?(?:respond|answer|reply|output|speak))\b",
    ),
    Wording(
        "new-role",
        "your & new|real|actual|true|only",
        r"\byour (?:new|real|actual|true|only) (?:and only )?(?:tasks?|role|job|goal|objective"
        r"|mission|instructions?|identity|purpose)(?: now)?(?: is| are|:)",
    ),
    Wording(
        "new-role",
        "instruction|prompt|directive & new|updated|revised|important|urgent|special|hidden"
        "|secret|additional",
        rf"{_SENTENCE}(?:new|updated|revised|important|urgent|special|hidden|secret|additional)"
        r" (?:system |ai )?(?:instructions?|prompt|directives?) (?:for|to) (?:you|the model"
        rf"|{_MODEL})\b",
    ),
    Wording(
        "new-role",
        "system|developer|admin|root",
        r"\b(?:system|developer|admin(?:istrator)?|root) (?:override|prompt|instructions?"
        r"|message|command) ?[:=\]]",
    ),
    Wording(
        "new-role",
        "mode",
        r"\b(?:enter|enable|activate|switch to|engage) (?:the )?(?:developer|debug|dan|god|admin"
        r"|jailbreak|unrestricted|root|sudo) mode\b",
    ),
    Wording(
        "prompt-talk",
        "prompt|instruction|message|above",
        rf"{_CLAUSE}(?:reveal|show|print|repeat|output|display|leak|tell|give|share|disclose"
        r"|return|recite|dump|expose|summari[sz]e|translate) (?:me |us )?(?:all |out |of )*(?:the "
        r"|your )?(?:full |entire |complete |exact |secret |hidden )*(?:(?:system|initial|original"
        r"|hidden|developer) (?:prompt|instructions?|message)|(?:words|text|everything|sentences?)"
        r" above\b)",
    ),
    Wording(
        "prompt-talk",
        "your & prompt|instruction",
        rf"{_CLAUSE}(?:reveal|print|repeat|output|display|leak|recite|dump|expose) (?:me |us )?"
        r"(?:all )?(?:of )?your (?:\w+ ){0,2}(?:prompts?|instructions?)\b",
    ),
    Wording(
        "conceal",
        "user|human|operator",
        r"(?:\b(?:do not|don't|never|must not|should not|avoid|without) (?:ever )?(?:tell(?:ing)?"
        r"|inform(?:ing)?|alert(?:ing)?|notify(?:ing)?|warn(?:ing)?|let(?:ting)?|show(?:ing)?)"
        r" (?:this |it |that )?(?:to )?(?:the |any |this )(?:end[ -])?(?:user|human|operator)s?\b)",
    ),
    Wording(
        "conceal",
        "instruction|prompt|message|text|note|paragraph|directive",
        r"\b(?:do not|don't|never|must not|avoid|without) (?:ever )?(?:mention|reveal|disclos"
        r"|acknowledg|refer|repeat|quot)(?:e|ing)?(?: to)? (?:these|this|that there|the existence"
        r" of|the above|any of these|your) (?:hidden |secret |system |special )?(?:instructions?"
        r"|prompts?|message|text|note|paragraph|directives?)\b",
    ),
    Wording(
        "conceal",
        "user|human|operator & hide|conceal|keep",
        r"\b(?:hide|conceal|keep) (?:this|these|it|the (?:instructions?|message)) (?:\w+ ){0,2}from"
        r" (?:the )?(?:user|human|operator)s?\b",
    ),
    Wording(
        "addressed",
        "attention|note|message|instruction|notice|memo|warning|dear|hey|hello|hi|important "
        "& ai|llm|gpt|claude|gemini|copilot|deepseek|qwen|bot|model|assistant",
        rf"{_SENTENCE}(?:(?:attention|note|message|instructions?|notice|memo|warning|dear|hey|hello"
        rf"|hi|important)[ :,]*)(?:to |for )?(?:all |any |the |every )?{_MODEL}"
        r"(?: (?:readers?|reviewers?|graders?|models?|assistants?))? ?[:,!;]",
    ),
    Wording(
        "addressed",
        "if you",
        r"\bif you(?: a|')re (?:an? |the )?(?:\w+ ){0,2}(?:ai|llm|language model|chatbot|bot"
        r"|ai assistant|automated (?:system|reviewer|tool|grader))\b",
    ),
    Wording(
        "addressed",
        "as a|being a",
        r"\b(?:as|being) an? (?:large )?(?:ai|llm|language model|chatbot)(?: language)?"
        r"(?: model| assistant| agent)?,? (?:you|your)\b",
    ),
    Wording(
        "addressed",
        "ai|assistant|chatgpt|llm|claude|gemini|copilot|chatbot & :|,",
        rf"{_SENTENCE}(?:ai|assistant|chatgpt|llm|claude|gemini|copilot|chatbot)(?: model"
        r"| assistant)? ?[,:] (?:please |you |kindly )?(?:must|should|will|ignore|respond|reply"
        r"|answer|output|write|say|rate|recommend|include|add|give|mark|treat|do not|don't|never"
        r"|always|disregard|forget|print|summari[sz]e|tell)\b",
    ),
    Wording(
        "addressed",
        "reading|processing|summari|reviewing|parsing|grading",
        rf"\b(?:any|all|every|the|to|for|an?|which|whichever) {_MODEL}"
        r" (?:that (?:is|are) |who (?:is|are) |which (?:is|are) )?(?:reading|processing"
        r"|summari[sz]ing|reviewing|parsing|grading) th(?:is|e) (?:document|text|page|file|paper"
        r"|manuscript|e-?mail|essay|cv|resume|message)\b",
    ),
    Wording(
        "addressed",
        "when",
        r"\bwhen(?:ever)? (?:you (?:are )?)?(?:summari[sz](?:e|ing)|process(?:ing)?|read(?:ing)?"
        r"|review(?:ing)?|answer(?:ing)?|asked|quot(?:e|ing)) (?:about |questions about )?th(?:is"
        r"|e)"
        r" (?:document|text|page|file|paper|manuscript|passage),? (?:you (?:must|should|will)"
        r"|always|say|state|tell|recommend|never|do not|don't|reply|respond|output|answer"
        r"|append)\b",
    ),
    Wording(
        "addressed",
        "give|assign|award & review|mark|score|rating|grade|recommendation",
        rf"{_SENTENCE}(?:give|assign|award) (?:this|the) (?:paper|manuscript|answer|essay"
        r"|candidate|student|submission|applicant|response) (?:an? |the )?(?:only )?(?:positive"
        r"|full|highest|maximum|top|perfect|favou?rable|excellent) (?:review|marks?|scores?|rating"
        r"|grade|recommendation)\b|\bgive (?:an? )?(?:only )?positive reviews? only\b",
    ),
    Wording(
        "output-only",
        "output|respond|reply|return|print|say|answer & only|exclusively|exactly|just|nothing",
        rf"{_CLAUSE}(?:output|respond|reply|return|print|say|answer) (?:only|exclusively|exactly"
        r"|just|nothing but)(?: and only)? (?:with )?(?:(?:the|this) (?:exact )?(?:words?|phrase|"
        r"following|text|string|sentence|number|letter|token|json)\b|[\"“'`]|json\b|valid json\b)",
    ),
    Wording(
        "output-only",
        "forever|times|verbatim",
        rf"{_CLAUSE}(?:repeat|say|print|output|write) (?:after me|the word|the phrase"
        rf"|the following)"
        r"[^.\n]{0,60}\b(?:forever|\d+ times|verbatim)\b",
    ),
    Wording(
        "send-data",
        "http|www.|@|url|following & conversation|chat|user|system|api|password|credential"
        "|secret|message",
        rf"{_CLAUSE}(?:send|forward|post|upload|transmit|e-?mail|exfiltrate|leak|submit|append"
        r"|encode) (?:[\w'’]+ ){0,6}?(?:conversations?|chat(?: history| log)?|user'?s? (?:data"
        r"|quer(?:y|ies)|questions?|messages?|names?|details)|system prompt|api keys?|passwords?"
        r"|credentials|secrets?|previous messages?|what the user (?:said|wrote))"
        r" (?:[\w'’]+ ){0,4}?(?:to|at|via|into|as)(?: the)? (?:https?:|www\.|[\w.+-]+@|url\b"
        r"|following (?:url|address|link|e-?mail))",
    ),
    Wording(
        "answer-request",
        "your & answer|respon|repl|output|message",
        rf"{_SENTENCE}(?:add|include|insert|append|prepend|integrate|incorporate|embed|weave|modify"
        r"|alter|change|adjust|augment|enhance|improve|enrich|replace|substitute|swap|convert"
        r"|encode|encrypt|translate|rewrite|render|reverse|scramble|jumble|shuffle|misspell"
        r"|introduce|remove|delete|omit|group|combine|merge|split|rearrange|anagram|mix|end|begin"
        r"|start|finish|conclude|close|precede|follow|sprinkle|promote|advertise|capitali[sz]e|use"
        rf"|invert|shift|apply|emphasi[sz]e|slip)\b{_SAME}{{0,120}}?\byour "
        rf"(?:\w+ ){{0,2}}?{_ANSWER}\b",
    ),
    Wording(
        "answer-request",
        "your & answer|respon|repl|output|message",
        rf"{_SENTENCE}(?:provide|give|deliver|present|express|write|offer|respond|format) "
        rf"(?:with )?"
        rf"your (?:\w+ )?{_ANSWER} (?:using|as|without|backwards?|in(?! the\b)|with)\b",
    ),
    Wording(
        "answer-request",
        "your & answer|respon|repl|output|message",
        rf"{_SENTENCE}in (?:all )?your (?:\w+ )?{_ANSWER},? (?:please |always |also )?(?:suggest"
        r"|tease|include|mention|add|recommend|encourage|promote|use|refer|say|advise|ask|insert"
        r"|link|hint|claim|urge|invite|replace|remove|advertise|point)\b",
    ),
    Wording(
        "chatbot-task",
        "poem|haiku|limerick|sonnet|song|lyric|rhyme|joke|riddle|stor|essay|speech|tweet"
        "|tagline|slogan|advert|recipe|screenplay|blog|cover letter|code|script|function"
        "|program|quer|class",
        rf"{_SENTENCE}(?:write|compose|draft|generate|create|produce|provide|give|tell|develop"
        r"|make|come up with|show)(?: me| us)? (?:an?|some|the|two|three)(?: [\w'-]+){0,3}?"
        rf" {_PIECES}\b",
    ),
    Wording(
        "chatbot-task",
        "python|java|php|sql|html|css|c++|c# & show|provide|give|write|create|explain|what|how",
        rf"{_SENTENCE}(?:show|provide|give|write|create|explain|what|how)\b{_SAME}{{0,60}}?"
        rf" (?:in|using|with|between) {_SAME}{{0,20}}?(?<![a-z])"
        r"(?:python|java|javascript|typescript|php|mysql|sql|html|css|c\+\+|c#)(?![a-z])",
    ),
    Wording(
        "chatbot-task",
        "translate",
        rf"{_SENTENCE}translate (?:the |this |these )?(?:following |above |below )?(?:\w+ ){{0,2}}"
        rf"(?:in)?to {_LANGUAGES}\b",
    ),
    Wording(
        "chatbot-task",
        "how",
        rf"\bhow (?:do|would) (?:you|i) say [\"“'‘][^\"”’'\n]{{1,60}}[\"”’'] in {_LANGUAGES}\b",
    ),
    Wording(
        "chatbot-task",
        "what",
        rf"\bwhat(?:'s| is) [\"“'‘][^\"”’'\n]{{1,60}}[\"”’'] in {_LANGUAGES}\b",
    ),
)
