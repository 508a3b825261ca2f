"""A few words each of many languages: enough for the plainest requests."""

from __future__ import annotations

from spanwise.processors.user.languages.language import Language

OTHERS = Language(
    keep=(
        (
            r"记得(?!吗|嗎|了吗|上|昨|那)(?=.{0,4}(?:我|要|以后|每次|总是))|(?:帮我|请你?)?(?:记好|记着|牢记|存一下|备注一下|备注[:：])|请注意我|"
            r"覚えといて|覚えておいてね|覚えておいて下さい|記録しておいて|心に留めて|头に入れて|頭に入れて|念頭に置いて|"
            r"(?:请|請|要)?(?:一直|永远|始终|好好)(?:记|記)(?:着|著|住)|请记住|請記住|记住(?!了吗)|記住|记一下|記一下|记下来|帮我记|覚えておいて|覚えてください|記憶して"
            r"|メモしておいて|기억해\s?(?:줘|주세요|둬)"
        ),
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
        (
            r"(?:以后|以後)(?!的事|再说|再說|吧)(?=.{0,25}(?:请|請|都|别|別|不要|用|给我|給我|注意|记|記|必须|一律|就))|从今往后|從今往後|从此|"
            r"今後、?(?=.{0,40}(?:して|ください|下さい|お願い|なし|ないで|で頼))|次から(?:は)?|毎回|いつも(?=.{0,30}(?:で|して)(?:ください|下さい|お願い|ね))|"
            r"每次(?:我|都|回答|给|推荐)(?=.{0,30}(?:请|都|要|用|别|不要|给))|总是用|一直用|永远(?:不要|别|用)|"
            r"以后(?:都|请|每)|今后|從今以後|从今以后|从现在开始|以後(?:都|請)|今後(?:は|も|の)|これからは|これから(?=.{0,40}(?:ください|下さい|お願い|ないで))|次回から"
            r"|毎回|앞으로(?:는)?|항상"
        ),
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
        r"叫我(?!去|来|做|起床|吃)|称呼我|と呼んで|라고 불러",
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
    reported=(
        r"(?:妈妈|爸爸|老师|老板|医生|朋友|同事|他|她|书上|网上)(?:总是|常常|一直|都)?说|(?:先生|母|父|友達|医者|上司|彼|彼女)(?:が|は|に).{0,12}(?:言っ|言わ)",
    ),
    forget=(
        (
            r"(?:从|在)(?:你的?|您的?)?(?:记忆|記憶|资料|档案|记录)(?:里|中|裡)?.{0,6}(?:删|刪|清|移|去)|(?:删除|刪除|删掉|清除|抹掉|移除)(?=我(?:以前|之前"
            r"|原来|原先|的旧|过去)|.{0,12}(?:关于我"
            r"|關於我|我的(?:地址|生日|名字|电话|偏好|信息|资料|记忆|喜好)|你记|你知道|记忆|记住))|"
            r"不用再?记(?:住|得|着)?(?=.{0,6}我)|别再记|(?:记憶|記憶|メモリ|プロフィール)から.{0,12}(?:消|削除)|(?:前に|以前|さっき|先ほど)(?:.{0,25}忘れて|"
            r".{0,20}(?:話|言っ|教え|ルール|住所|名前|記憶|好み).{0,15}(?:消して|削除して))|"
            r"(?:もう|今は)?覚えて(?:い|お)?(?:なくて|かなくて)(?:も)?(?:いい|大丈夫|結構)|"
            r"忘(?:掉|记|了)(?:我|关于|那)|删除(?:你|关于我)|忘れて(?:ください|いい)|잊어\s?(?:줘|주세요)"
        ),
        r"\b(?:забудь(?:те)?,? (?:что|мой|мою|про)|zapomnij,? że|glöm att|glem at)\b",
    ),
)
