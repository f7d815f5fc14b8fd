"""Words that names are made of: surnames in Han and in Latin script, given names and syllables.

Written for this product from what is common in Hong Kong, Macao and the mainland, with the Western
given names and surnames that are heard there. A list never ends; what is not on it is found by its
title or its context only, or not at all. What is a word of its own as well ("So", "Man", "He",
"Grace", 高, 方) is listed as ambiguous, and counts only where something else speaks for a name.
"""

from __future__ import annotations

_HK = """
au au-yeung auyeung chak chan chang chao chau cheng cheong cheuk cheung chik chim ching chiu cho
choi chong chou chow choy chu chui chuk chun chung fok fong foo fu fung hau heung ho hon hong
hsu hui hung ip kam kan kei ko kong koo kou ku kuan kuk kung kwan kwok kwong lai lam lao lau law
lee lei leong leung li liang liao lim lin ling liu lo loi lok loo lou lu lui luk lum lun lung ma
mak man mau mo mok mong mou mui ng ngai ngan ngo ong or pak pang pau poon pun sham shek shih
shiu shum sin sit siu so sou suen sum sun sung sze sze-to szeto tai tam tan tang tao tong tou
tsai tsang tse tsoi tsui tu tung ung wan wat wen wong woo wu yam yan yang yau yee yeoh yeung
yick yim yin ying yip yiu yu yue yuen yuk yung
"""
_MAINLAND = """
ai bai bao bi bian cai cao cen chai chang chen cheng chi chu cui dai deng ding dong du duan fan
fang fei feng fu gan gao ge geng gong gu guan guo han hao he hong hou hu hua huang ji jia jiang
jiao jin kang kong lai lan lei li lian liang liao lin ling liu long lou lu luo lv lyu ma mao mei
meng miao mo mu ni nie ning niu ou ouyang pan pang pei peng pu qi qian qiao qin qiu qu ren rong
ruan shang shao shen sheng shi shu situ song su sun tan tang tao tian tong tu wan wang wei wen
weng wu xia xian xiang xiao xie xin xing xiong xu xue yan yang yao ye yi yin ying yu yuan yue
yun zeng zha zhai zhan zhang zhao zhen zheng zhong zhou zhu zhuang zhuo zou zuo
"""
_WESTERN = """
adams ahmed ali allen anderson bailey baker barnes bell bennett brooks brown butler campbell
carter clark clarke collins cooper costa cox cruz da-silva davies davis dias edwards evans
fernandes fernandez foster garcia gomes gonzalez gray green griffiths gupta hall harris harrison
hernandez hill howard hughes hussain jackson jenkins johnson jones kaur kelly khan king kumar
lewis lopez macdonald marshall martin martinez mason miller mitchell moore morgan morris murphy
murray nguyen owen parker patel perez phillips powell price ramirez reid reyes richards
richardson rivera roberts robertson robinson rodriguez rogers rosario ross santos scott shah
shaw siddiqui silva simpson singh smith stevens stewart taylor thomas thompson torres turner
walker ward watson white williams wilson wood wright young
"""
_GIVEN = """
aaron abigail adam adrian agnes aidan alan albert alex alexander alexandra alfred alice alicia
alison amanda amber amelia amy andrea andrew andy angela angie anita ann anna anne annie anson
anthony antonio arthur ashley audrey barbara beatrice becky ben benjamin benny bernard betty
billy bonnie brenda brian bruce calvin candy carlos carmen carol caroline carolyn catherine
cathy cecilia charlene charles charlie charlotte cheryl chloe chris christina christine
christopher cindy claire clara clarence connie crystal cynthia daisy daniel danny daphne david
debbie deborah dennis derek diana dickson donald doris dorothy douglas eddie edith edmond edmund
edward edwin eileen elaine eleanor elena elizabeth ella ellen elsie emily emma eric erica ernest
esther ethan eugene eva evelyn felicia felix fiona florence francis frankie fred freddie gary
geoffrey george gerald gigi gilbert gladys gloria gordon graham hannah harold harry hazel
heather hector helen helena henry herbert howard hugo ian irene iris isaac isabel isabella ivan
ivy jackie jackson jacky jacob jacqueline james jamie jane janet janice jasmine jason jean jeff
jeffrey jennifer jenny jeremy jerry jesse jessica jessie jill jimmy joan joanna joanne joe joel
joey john johnny jonathan jordan jose joseph joshua joyce juan judy julia julian julie justin
karen karl kate katherine kathleen kathy katie keith kelly kelvin ken kenneth kenny kevin kitty
kyle larry laura lauren lawrence leo leon leonard leslie lillian lily linda lisa louis louise
lucas lucy luis luke mabel maggie manuel marco margaret maria marie marilyn mario martha martin
mary mathew matthew maureen maurice mavis max melissa michael michelle mike miranda molly monica
nancy natalie natasha nathan nelson nicholas nick nicole nigel nina norman oliver olivia oscar
pamela patricia patrick paul paula pauline peggy penny peter philip phoebe phyllis polly queenie
rachel ralph ray raymond rebecca regina rex richard ricky rita robert robin rodney roger ronald
rosanna rosemary roy russell ruth ryan sabrina sally sam samantha samuel sandra sandy sarah
scott sean sebastian serena sharon sheila shirley simon sonia sophia sophie stanley stella
stephanie stephen steve steven stewart stuart susan susie sylvia tamara terence teresa terry
thomas tiffany timothy tina toby tom tommy tony tracy trevor valerie vanessa vera veronica vicky
victor victoria vincent violet virginia vivian vivien walter wendy wilfred william willie wilson
winnie winston yolanda yvonne zachary zoe
"""
_GIVEN_AMBIGUOUS = """
ada angel april art august bill candy carol chase cherry christian dale dawn dean drew faith
florence frank gene grace grant guy heather hope hunter iris ivy jack jasmine jean joy june
justice kit lance lily mark may mercy mike miles olive pat patience pearl penny precious rob
rose ruby rusty sandy sue summer sunny victor viola violet virginia will
"""
_SYLLABLES = """
bik bing bo bun chak cham chan chau che cheng cheong cheuk cheung chi chik chin ching chit chiu
cho choi chong chor chu chuen chui chuk chun chung dik fai fan fat fei fong foon fu fuk fun fung
ha hak ham han hang hau hei heung him hin hing hiu ho hoi hok hon hong hou hung ka kai kam kan
kau kei ken keung ki kin king kit kiu ko kong kuen kui kuk kun kung kwai kwan kwok kwong kwun ky
lai lam lan lap lau lee lei leung li lik lim lin ling lit liu lo loi lok long lui luk lun lung
mai man mau mei mi min ming miu mo mok mong mui muk mun nam nang nga ngai ngan ngar ngo ngok nin
ning nok oi on pak pan pang pik pin ping po pong pui sai sam san sang sau sek seung shan shek
sheung shing shiu shu shuen shui shuk shum shun sik sim sin sing siu so son suen suet sui suk
sum sun sung sze tai tak tan tang tat tik tim tin ting tit to toi tong tsan tseuk tsit tsoi tsun
tsung tsz tuen tung wa wah wai wan wang wing wo wong wu wun yan yat yau yee yeuk yeung yi yik
yim yin ying yip yiu yu yue yuen yuet yui yuk yun yung zi
"""
_AMBIGUOUS = """
an au baker bell brooks butler can carter chin chow cooper costa cox dong fan fang foster fun
gan gray green hall hang he hill ho hon hong hung kan king kit ko lay lim ling long loo low lung
man mark marshall martin mason mo moore ni on or pan pang pin ping price ran run shaw she shun
shy sin sit so song sum sun tan tin to tong wan ward white wing wood wright yam yin you young
"""
_PINYIN_INITIALS = """
b c ch d f g h j k l m n p q r s sh t w x y z zh
"""
_PINYIN_FINALS = """
a ai an ang ao e ei en eng i ia ian iang iao ie in ing iong iu o ong ou u ua uai uan uang ue ui
un uo v
"""


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in text.split())


AMBIGUOUS = _words(_AMBIGUOUS)
"""Lower case, as all of these: surnames and syllables that are also words."""
HK_SURNAMES = _words(_HK)
PINYIN_SURNAMES = _words(_MAINLAND)
SURNAMES = HK_SURNAMES | PINYIN_SURNAMES | _words(_WESTERN)
GIVEN_AMBIGUOUS = _words(_GIVEN_AMBIGUOUS)
GIVEN = _words(_GIVEN)
SYLLABLES = _words(_SYLLABLES)
"""Of Cantonese given names as Hong Kong writes them."""
PINYIN = frozenset(
    i + f for i in _PINYIN_INITIALS.split() for f in _PINYIN_FINALS.split()
) | _words("a ai an ang ao e ei en er o ou")
"""Syllables of Mandarin, and some that do not exist, which do no harm."""
NOT_NAMES = _words(
    """
    a about advance after again ai all also american an and any anyone april are as asian ask
    asked assistant at august autonomy be because bed before beneficence both british but by can
    cantonese cap caucasian chair chart chatbot chatgpt chinese clinic colleague colleagues
    college committee confidentiality consent consultant could council counsellor counselor data
    day dean dear december did director dna do doctor doctors does each eastern educator either
    emeritus english epic ethics european every everyone february five for four friday from
    general genetic genetics give google guideline had has have having he head hello her here
    hers hi him his hk hong hospital how i icu if in indian is it its january july june just
    justice law lead learner led let lynch madam maieutic manager mandarin march may me medical
    mental might monday must my never next no nobody none not november now nurse october of on
    one only or ordinance other our own patient patients perhaps please practitioner privacy
    psychiatric putonghua radiology research right round said same saturday says self september
    she should since sir so so-and-so some someone sorry specialist still sunday team that the
    their them then there these they this three thursday to tuesday tutor two uk under until us
    usually ward we wednesday week were what when where whether which while who whom whose why
    will with wong's would x y yes you your z zero
    """
)
"""Words that begin or follow with a capital and are no part of a name."""
PUBLIC = _words(
    """
    alzheimer aristotle bawa-garba beauchamp belmont bolam bolitho caldicott chester childress
    cruzan down fraser gillick helsinki hippocrates huntington jenner jiankui kant kasenda lacks
    lynch maimonides mengele mill montgomery moore nightingale nuremberg obermeyer osler
    parkinson percival quinlan rawls rawlsian schiavo shipman sidaway snow tarasoff tuskegee
    """
)
"""People of history and of reported judgments: a learner may name them."""
PLACES = (
    "hong kong", "ma on shan", "ho man tin", "to kwa wan", "wong tai sin", "lok ma chau",
    "mong kok",    "lai chi kok", "lai king", "cheung sha wan", "hung hom", "tai kok tsui",
    "shek kip mei",
    "kwai fong", "kwai chung", "tsing yi", "ho tung", "lo wu", "lau fau shan", "chek lap kok",
    "tung chung", "siu sai wan", "chai wan", "heng fa chuen", "tseung kwan", "tin shui wai",
    "tai po", "sha tin", "tuen mun", "wan chai", "kwun tong", "yuen long", "sai kung", "tsuen wan",
    "sham shui po", "lam tin", "sheung shui", "sai wan", "tsim sha tsui", "yau ma tei", "yau tong",
    "shau kei wan", "siu lam", "pok fu lam", "wong chuk hang", "lei yue mun", "diamond hill",
    "li ka shing", "lee shau kee", "tung wah", "kwong wah", "yan chai", "pok oi", "yan oi",
    "po leung kuk", "wong siu ching", "run run shaw", "tang shiu kin", "ruttonjee", "fung shui",
    "kung fu", "tai chi", "he jiankui", "tin sam", "cheung chau", "lantau", "ning po", "kai tak",
)  # fmt: skip
"""Places and houses that look like a Cantonese name, in lower case."""

HAN_SURNAMES = frozenset(
    "陳陈李張张黃黄王吳吴劉刘林何鄭郑梁羅罗謝谢周葉叶馮冯曾鄧邓彭蔡蘇苏余盧卢許许趙赵朱楊杨徐孫孙胡郭潘"
    "呂吕鍾钟譚谭江蕭萧唐韓韩曹廖石姚方袁戴莫關关溫温區区麥麦伍容蔣蒋魏沈韋韦龍龙崔杜丁賴赖邱侯翁倪霍簡简"
    "邵柯湯汤尹黎鄒邹熊孟秦白閻阎薛段雷賀贺顧顾毛郝龔龚萬万錢钱嚴严覃武喬乔陸陆洪馬马高宋任岑施房凌甄冼歐欧"
    "董范程傅付葛祁尤闞阚祝屈穆聶聂"
    "鄺邝龐庞岳齊齐尹甘符喻鄔邬裴卞卓盛辛苗隋阮巫饒饶耿焦莊庄樊瞿"
)
HAN_DOUBLE_SURNAMES = ("歐陽", "欧阳", "司徒", "上官", "司馬", "司马", "諸葛", "诸葛", "皇甫")
HAN_GIVEN = frozenset(
    "明華华強强偉伟芳麗丽敏靜静軍军磊洋勇艷艳傑杰娟濤涛超秀霞剛刚桂英玉蘭兰鳳凤潔洁梅琳雲云蓮莲環环雪榮荣"
    "愛爱妹香月鶯莺媛瑞珍貞贞莉娣璧璐婭娅琦晶妍茜秋珊莎錦锦黛青倩婷姣婉嫻娴瑾穎颖瑤瑶怡嬋婵雁蓓紈仪儀荷丹蓉眉君琴"
    "蕊薇菁夢梦嵐岚苑婕馨瑗琰韻韵融園园藝艺詠咏卿聰聪瀾澜純纯毓悅悦昭冰爽琬茗羽希寧宁欣飄飘育瀅滢馥筠柔竹靄霭凝"
    "曉晓歡欢霄楓枫芸菲寒伊亞亚宜可姬舒影荔枝思麗俊峰鋒锋志健鵬鹏飛飞輝辉建國国慶庆文斌波輝剛龍龙平東东浩凱凯宇"
    "祥德立毅鑫海山仁慧淑惠嘉家詩诗詠俊賢贤康泰永成樂乐軒轩朗浚晉晋銘铭耀恩天佑梓諾诺熙晴澄心彤柏翠珠燕紅红玲萍芬"
    "小大子雅潤润樹树漢汉才權权財财興兴富貴贵福祿禄壽寿忠孝義义禮礼智信勤儉俭兆炳焯鎮镇雄基輝柱堅坚業业豪麟"
    "美宏曼霖喜萱涵睿博昊淇琪妮珮佩芷晞鈞钧楠鴻鸿進进根勝胜詠朋培彥彦彬巧翔桐靖娜薏琛蔚菱韋韦駿骏傑諾盈鈴铃"
)
"""Characters that given names are often made of, chosen so that few words are two of them."""
