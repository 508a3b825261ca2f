"""A few words each of many languages: enough for the plainest requests."""

# ruff: noqa: RUF001 - other scripts look alike

from __future__ import annotations

from spanwise.processors.user.languages.language import Language

OTHERS = Language(
    keep=(
        r"请记住|請記住|记住(?!了吗)|記住|记一下|記一下|记下来|帮我记|覚えておいて|覚えてください|記憶して|メモしておいて|기억해\s?(?:줘|주세요|둬)",
        r"\b(?:запомни(?:те)?|имей(?:те)? в виду|учти(?:те)?|запиши(?:те)?,? что)\b",
        r"\b(?:zapamiętaj|pamiętaj,? że|zanotuj,? że|miej na uwadze)\b",
        r"\b(?:kom ihåg att|husk at|husk på at|muista että|ha i åtanke)\b",
        (
            r"\b(?:yaad rakh\w*|dhyan (?:mein |me )?rakh\w*|ingat(?:lah)?,? (?:bahwa|ya)|tolong ingat|tandaan mo"
            r"|hãy nhớ|nhớ (?:là|rằng))\b"
        ),
        (
            r"\b(?:pamatuj si|zapamatuj si|ține minte|jegyezd meg|ne felejtsd el|запам'ятай(?:те)?|muista,? että"
            r"|pidä mielessä)\b|να θυμάσαι|تذكر أن|זכור ש|याद रख|จำไว้"
        ),
        r"\b(?:unutma ki|aklında (?:tut|bulunsun)|hatırla ki)\b",
    ),
    lasting=(
        r"以后(?:都|请|每)|今后|從今以後|从今以后|从现在开始|以後(?:都|請)|今後(?:は|も|の)|これからは|次回から|毎回|앞으로(?:는)?|항상",
        r"\b(?:с этого момента|впредь|отныне|в дальнейшем|всегда (?:отвечай|пиши|используй))\b",
        r"\b(?:od teraz|na przyszłość|w przyszłości|od dziś|zawsze (?:odpowiadaj|pisz|używaj))\b",
        r"\b(?:från och med nu|i fortsättningen|fra nå av|fremover|fra nu af|fremover|tästä lähtien)\b",
        (
            r"\b(?:aage se|ab se|hamesha|mulai sekarang|ke depannya|mula ngayon|từ (?:giờ|nay)|od teď"
            r"|de acum (?:înainte|încolo)|mostantól|відтепер|надалі|jatkossa)\b|από εδώ και πέρα|من الآن فصاعد|מעכשיו"
            r"|अब से|จากนี้ไป"
        ),
        r"\b(?:bundan sonra|bundan böyle|şu andan itibaren)\b",
    ),
    name=(
        r"叫我|と呼んで|라고 불러",
        r"\b(?:называй(?:те)? меня|зови меня|mów do mnie|kalla mig|kall mig|kald mig|bana \w+ (?:de|diye))\b",
    ),
    not_keep=(
        r"提醒我|リマインド|思い出させて|记得吗|还记得|記得嗎|覚えて(?:い)?ます|不用记|不需要记",
        r"\b(?:напомни|помнишь ли|przypomnij|påminn mig|minn meg|hatırlat)\b",
    ),
    passing=(
        r"这次|這次|今天|今回だけ|今日だけ|이번만",
        r"\b(?:на этот раз|сегодня|tym razem|dzisiaj|den här gången|i dag|bu sefer|bugün)\b",
    ),
    forget=(
        r"忘(?:掉|记|了)(?:我|关于|那)|删除(?:你|关于我)|忘れて(?:ください|いい)|잊어\s?(?:줘|주세요)",
        r"\b(?:забудь(?:те)?,? (?:что|мой|мою|про)|zapomnij,? że|glöm att|glem at)\b",
    ),
)
