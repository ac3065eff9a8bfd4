"""Invented people. Any likeness is chance: names are put together from lists by number.

The lists include what real lists include and software trips over: compound surnames, names of minorities with their dot,
characters beyond the basic plane, and names of two and of four characters.
"""

from competition.cli.sample.chance import below, one_of

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
COMPOUND = ("欧阳", "司马", "上官", "诸葛", "皇甫", "令狐", "慕容", "尉迟", "公孙", "东方")
FIRST = "志建国文明永春秋海晓玉丽秀桂淑俊嘉子梓雨思天立振宏广德世家光新金正伟成诗若云亚凤冬"
SECOND = "强军伟勇磊涛超鹏杰峰浩宇轩博睿华平辉宁琳娜静敏洁艳娟霞燕玲芳萍慧颖佳怡萱涵琪梅兰英红生林山川清源"
SINGLE = "强军伟勇磊涛超鹏杰峰浩宇博睿静敏洁艳娟霞燕玲芳萍慧颖丹晶莹帆凯旭晨阳波宁"
MINORITY = (
    "阿依古丽·买买提", "古丽努尔·艾合买提", "阿卜杜热合曼·吐尔逊", "帕提古丽·玉素甫", "艾力江·阿不力孜", "努尔夏提·木拉提",
    "阿依努尔·叶尔肯", "扎西顿珠", "次仁卓玛", "旦增曲扎", "格桑拉姆", "乌兰图雅", "巴特尔", "苏日娜", "那日松", "娜仁花",
    "木乃日作", "吉克阿牛", "阿木拉杰", "韦达努", "蓝妹祝", "朴善姬", "金英哲", "岩罕", "玉波罕", "刀红英", "马依布拉", "沙吾列汗",
)  # fmt: skip
RARE = (
    "王㛃", "李𬴊", "龚䶮", "田𠮷生", "陈𫄨", "赵𬍛", "刘𣲗", "周𬭎", "亓官昊", "郝𬬭", "吴𫍽", "孙燊", "冯翀", "乜雨", "逄𫖯", "仝玥䶮",
)  # fmt: skip


def person(n: int) -> str:
    """The n-th invented name; about one in forty is of a minority, one in seventy has a rare character."""
    if n % 41 == 17:
        return MINORITY[n // 41 % len(MINORITY)]
    if n % 71 == 3:
        return RARE[n // 71 % len(RARE)]
    surname = one_of(COMPOUND, "compound", n) if n % 53 == 9 else one_of(SURNAMES, "surname", n)
    if below(10, "length", n) < 2:
        return surname + one_of(SINGLE, "single", n)
    return surname + one_of(FIRST, "first", n) + one_of(SECOND, "second", n)
