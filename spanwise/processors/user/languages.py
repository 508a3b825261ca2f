"""How people ask for something to be kept, in a few languages: data that `frames` compiles into one pattern a role.

A new language is one more `Language` in `LANGUAGES`. All patterns ignore case. English is told apart by grammar in
`frames`; the others get by with their request frames, which are more regular.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """The request frames of one language, as regular expressions without anchors."""

    keep: tuple[str, ...]
    """Asks for something to be remembered."""
    lasting: tuple[str, ...]
    """Says that something holds from now on."""
    name: tuple[str, ...] = ()
    """Says how somebody is to be addressed, or in which language."""
    not_keep: tuple[str, ...] = ()
    """Reminders, recollections, refusals: looks like `keep` and is not."""
    passing: tuple[str, ...] = ()
    """Holds for one occasion only."""
    polite: tuple[str, ...] = ()
    """Begins a request in the form of a question."""
    forget: tuple[str, ...] = ()
    """Asks for something to be forgotten."""


GERMAN = Language(
    keep=(
        r"\bmerk(?:e|en sie|t)?\s+(?:es\s+)?(?:dir|dirs|euch|sich)\b",
        r"\b(?:dir|euch|sich)\b[^,.]{0,40}\b(?:merken|merkst)\b",
        r"\b(?:halte?|halten sie) (?:bitte )?fest\b|\b(?:soll|möchte|bitte)\b.{0,40}\b(?:hinterlegt|vermerkt|notiert|gespeichert)\b",
        r"\b(?:notier|speicher|vermerk)(?:e|en sie)?\b(?=.*\b(?:dir|dass|mein\w*|unser\w*|wir|ich|bitte)\b)",
        r"\bbehalte?\b.{0,40}\bim (?:hinterkopf|kopf|gedächtnis)\b",
        r"\bvergiss (?:bitte )?(?:nicht|nie)[, ]+dass\b",
        r"\bdenk(?:e|en sie)? (?:bitte )?(?:immer |künftig )?(?:dran|daran)\b.{0,12}\bdass\b",
        r"\b(?:für die zukunft|zur info für später|für später)\b",
    ),
    lasting=(
        r"\bab (?:jetzt|sofort|heute|nun)\b(?! \d)",
        r"\bvon (?:nun|jetzt|heute) an\b",
        r"\b(?:in zukunft|künftig|zukünftig|fortan|grundsätzlich|dauerhaft|standardmäßig|ein für alle ?mal)\b",
        r"\bnie (?:mehr|wieder)\b",
        r"\b(?:mir|uns|mich)\b.{0,40}\b(?:keine?n?|nicht|nie) (?:.{0,30} )?mehr\b",
        r"\b(?:jedes mal|immer),? wenn (?:ich|wir|jemand) (?:dich|dir|dir|ihnen|nach|etwas|frage\w*|bitte)\b",
        r"\b(?:bei|für|in) (?:allen?|jede[rnms]?) (?:(?:weiteren|künftigen|zukünftigen|späteren|meine[rn]?|unsere[rn]?) )", r"\bbitte\b.{0,60}\b(?:bei|für|in) (?:allen?|jede[rnms]?) \w",
        r"^(?:bitte )?(?:immer|nie|niemals|stets)\b",
        r"\b(?:antworte|schreib|sprich|nenn|verwend|nutz|benutz|nimm|gib)e?\b.{0,40}\b(?:immer|nie|niemals|stets)\b",
    ),
    name=(r"\bnenn(?:e|en sie)? mich\b", r"\bsprich mich\b.{0,20}\ban\b", r"\bdu (?:kannst|darfst) mich \w+ nennen\b"),
    not_keep=(
        r"\berinner\w*\s+(?:du dich|sie sich|mich|uns)\b",
        r"\b(?:nicht|nichts)\s+(?:zu )?(?:merken|speichern|notieren)\b",
        r"\bmerk(?:e)? (?:dir|euch) (?:das |es |bitte )*nicht\b",
        r"\bweißt du noch\b",
        r"\bob du (?:dir|dich)\b",
    ),
    passing=(
        r"\b(?:nur )?(?:diesmal|dieses mal|für heute|heute|ausnahmsweise|nur jetzt|für den moment|vorerst|erstmal)\b",
    ),
    polite=(r"\b(?:kannst|könntest|würdest|magst) du\b", r"\b(?:können|könnten|würden) sie\b"),
    forget=(
        r"\bvergiss\b(?!\s+(?:es|nicht|nie|bitte nicht|das einfach)\b)(?=.*\b(?:mein\w*|dass|was|die|den|das)\b)",
        r"\b(?:streich|lösch|entfern)(?:e|en sie)?\b(?=.*\b(?:gilt nicht mehr|stimmt nicht mehr|wieder|gedächtnis|gespeichert|gemerkt|profil|über mich|regel|vorliebe)\b)",
        r"\bgilt (?:so )?nicht mehr\b",
    ),
)

FRENCH = Language(
    keep=(
        r"\b(?:souviens-toi|souvenez-vous|rappelle-toi|rappelez-vous)\b(?! (?:quand|du jour))",
        r"\bn'oublie[zs]?(?: pas| jamais) que\b",
        r"\b(?:retiens|retenez|mémorise[zr]?|note[zr]?|enregistre[zr]?|retenir)\b(?:[ -](?:bien|le|la|ça|cela|s'il te plaît|stp|svp))*,?\s+(?:que|qu'|mon|ma|mes|pour (?:plus tard|la suite|l'avenir))",
        r"\bgarde[zr]?\b.{0,30}\b(?:en (?:tête|mémoire)|à l'esprit)\b",
        r"\bsache[zs]? que\b",
        r"\b(?:soit|reste) (?:bien )?(?:noté|enregistré|indiqué|précisé)\b|\b(?:prends|prenez|prendre) (?:bonne )?note\b|\bpour (?:info|mémoire|la suite|plus tard)\b\s*[:,]",
    ),
    lasting=(
        r"\b(?:désormais|dorénavant|à l'avenir|par défaut|plus jamais|une fois pour toutes)\b",
        r"\bà partir (?:de maintenant|d'aujourd'hui|de ce jour)\b",
        r"\b(?:tou(?:te)?s|chacune de) (?:mes|nos|les) (?:prochaine?s|futures?|demandes)\b",
        r"\b(?:à chaque|chaque) fois que (?:je|nous|on|tu)\b",
        r"\bne (?:me|nous) \w+(?:-\w+)? (?:plus|jamais)\b", r"^(?:toujours|ne .{1,30} jamais)\b",
        r"\b(?:réponds|répondez|écris|utilise[zs]?|parle|propose)\b(?:-\w+)?.{0,30}\b(?:toujours|jamais)\b",
    ),
    name=(r"\bappell?e[zs]?-moi\b", r"\btutoie[zs]?-moi\b", r"\bvouvoie[zs]?-moi\b"),
    not_keep=(
        r"\brappelle[zs]?-moi\b",
        r"\b(?:tu te souviens|te souviens-tu|vous souvenez-vous|est-ce que tu te)\b",
        r"\bpas (?:besoin|la peine) de (?:retenir|noter|mémoriser|garder)\b",
        r"\bne (?:retiens|note|garde)\b.{0,12}\bpas\b",
    ),
    passing=(
        r"\b(?:cette fois|pour (?:aujourd'hui|ce soir|cette fois|l'instant|le moment)|juste (?:pour|cette)|aujourd'hui seulement)\b",
    ),
    polite=(r"\b(?:peux-tu|pourrais-tu|pouvez-vous|pourriez-vous|tu (?:peux|pourrais)|vous (?:pouvez|pourriez))\b",),
    forget=(
        r"\boublie[zs]?\b(?!\s+(?:ça|pas|cela|jamais)\b)(?=.*\b(?:que|mon|ma|mes|ce que|cette histoire|la règle|l'histoire)\b)",
        r"\b(?:supprime[zs]?|efface[zs]?)\b(?=.*\b(?:mémoire|ce que tu sais|profil|enregistré|retenu)\b)",
        r"\b(?:n'est plus|ne sont plus) (?:valable|vrai|d'actualité)",
    ),
)

SPANISH = Language(
    keep=(
        r"\brecuerd[ae]n?\b(?:,? por favor,?)?\s+(?:que|siempre|mi|mis|esto|para)\b",
        r"\bacu[eé]rdate (?:de )?(?:que|siempre)\b",
        r"\b(?:ten|tenga|tened|tener)(?:lo|me)?\b.{0,15}\b(?:en cuenta|presente)\b.{0,40}\b(?:que|siempre|adelante|para)\b",
        r"\b(?:apunta|anota|guarda|memoriza|ap[uú]nta|an[oó]ta|gu[aá]rda)(?:te|lo|telo)?\b(?:,? por favor,?)?\s+(?:que|mi|mis|para)\b",
        r"\bno (?:te )?olvides (?:de )?que\b",
        r"\bque sepas que\b",
        r"\b(?:que (?:quede|conste)|quede|consta) (?:anotado|registrado|claro|apuntado|guardado)?\b|\btoma nota\b|\bpara (?:que lo sepas|futuras? \w+)\b\s*[:,]",
    ),
    lasting=(
        r"\b(?:a partir de (?:ahora|hoy)|de (?:ahora|hoy|aquí) en adelante|desde (?:ahora|hoy)|en (?:el )?futuro|en adelante)\b",
        r"\bno (?:me|nos|les|le) (?:vuelvas?|vuelvan) a\b|\bno (?:me|nos) \w+ (?:nunca )?más\b|\bnunca (?:me|nos) \w+\b",
        r"\b(?:por defecto|nunca más|para siempre|de una vez por todas)\b",
        r"\b(?:siempre que|cada vez que) (?:te|yo|me|os|pida|pregunte|busque|haga|\w+ (?:te|me))\b",
        r"\b(?:en|para) todas (?:mis|nuestras|las) (?:próximas|futuras|\w+ futuras)\b",
        r"^(?:siempre|nunca|jamás)\b",
        r"\b(?:responde|contesta|usa|utiliza|escribe|háblame|dame)\w*\b.{0,30}\b(?:siempre|nunca)\b",
    ),
    name=(
        r"\bll[aá]m[ae]me\b(?! (?:al|a las|cuando|mañana|luego|más))",
        r"\bpuedes llamarme\b",
        r"\b(?:trátame|tutéame)\b",
    ),
    not_keep=(
        r"\b(?:recu[eé]rd[ae]me|av[ií]same)\b",
        r"\b(?:te acuerdas|recuerdas|se acuerda)\b",
        r"\bno (?:hace falta|necesitas|hay que|tienes que) (?:que )?(?:recordar|guardar|apuntar|anotar|recuerdes|guardes)",
    ),
    passing=(
        r"\b(?:solo|sólo) (?:por )?(?:hoy|esta vez|ahora)\b",
        r"\b(?:por (?:hoy|esta vez|ahora)|esta vez|de momento|hoy)\b",
    ),
    polite=(r"\b(?:puedes|podrías|puede|podría|me haces el favor de)\b",),
    forget=(
        r"\bolvid(?:a|e|ar|ate)\b(?!\s*(?:lo|$|,|\.))(?=\s+(?:de )?(?:que|mi|mis|eso de|lo de|lo que|la regla|el|la)\b)",
        r"\b(?:borra|elimina|quita)\b(?=.*\b(?:memoria|lo que sabes|perfil|guardado|guardada)\b)",
        r"\bya no (?:vale|aplica|es válid[oa])\b",
    ),
)

PORTUGUESE = Language(
    keep=(
        r"\b(?:lembra|lembre)(?:-te|-se)?\b(?:,? por favor,?)?\s+(?:de )?(?:que|sempre|disto|disso)\b",
        r"\b(?:anota|anote|guarda|guarde|memoriza|memorize|regista|registra)\b(?: aí)?(?:,? por favor,?)?[:,]?\s+(?:que|o meu|a minha|meu|minha|para)\b",
        r"\b(?:tem|tenha|tenham)\b.{0,12}\b(?:em conta|em mente|presente)\b",
        r"\bnão (?:te )?esque[cç]as? (?:de )?que\b",
        r"\b(?:leva|leve) em conta que\b",
        r"\bfica (?:a saber|sabendo) que\b",
        r"\b(?:que (?:fique|conste)|fique|deixa) (?:anotad|registad|registrad|gravad)[oa]\b|\btoma nota\b",
    ),
    lasting=(
        r"\b(?:a partir de (?:agora|hoje)|de (?:agora|hoje|ora) em diante|daqui (?:para|pra|em) (?:a )?(?:frente|diante)|no futuro|doravante)\b",
        r"\bnão (?:me|nos) (?:volte[sm]?|voltem) a\b|\bnão (?:me )?\w+ (?:nunca )?mais\b(?= (?:de|o|a|os|as|para)?)(?=.*\b(?:me|mim)\b)",
        r"\b(?:por padrão|por defeito|nunca mais|para sempre|de uma vez por todas)\b",
        r"\b(?:sempre que|(?:toda|cada) vez que) (?:eu|te|me|pedir|perguntar|a gente|\w+r)\b",
        r"\bem todas (?:as )?(?:minhas )?(?:próximas|futuras)\b",
        r"^(?:sempre|nunca|jamais)\b(?! (?:chego|consigo|tenho|fui|vi|tive))",
        r"\b(?:responde|responda|usa|use|escreve|escreva|fala|fale)\b.{0,30}\b(?:sempre|nunca)\b",
    ),
    name=(r"\b(?:me chama|me chame|chama-me|chame-me|trata-me|trate-me)\b(?! (?:às|quando|amanhã))",),
    not_keep=(
        r"\b(?:me lembr[ae]|lembr[ae]-me|avis[ae]-me|me avis[ae])\b",
        r"\b(?:você se lembra|lembras-te|te lembras|você lembra)\b",
        r"\bnão (?:precisa|precisas|é preciso) (?:de )?(?:guardar|lembrar|anotar|memorizar)",
    ),
    passing=(r"\b(?:só (?:por )?(?:hoje|desta vez|dessa vez|agora)|desta vez|dessa vez|por (?:hoje|agora)|hoje)\b",),
    polite=(r"\b(?:pode|podes|poderia|podia|podias|consegue)\b",),
    forget=(
        r"\b(?:esquece|esqueça|esqueçam)\b(?=\s+(?:que|o meu|a minha|meu|minha|o que|aquilo|essa|aquela|a regra)\b)",
        r"\b(?:apaga|apague|remove|remova|elimina)\b(?=.*\b(?:memória|o que sabes|o que você sabe|perfil|guardad[oa])\b)",
        r"\bjá não (?:vale|se aplica|é válid[oa])\b",
    ),
)

ITALIAN = Language(
    keep=(
        r"\b(?:ricorda(?:ti)?|si ricordi|ricordate)\b(?:,? per favore,?)?\s+(?:che|sempre|di (?:non|usare|rispond\w+))\b",
        r"\b(?:tieni|tenga|tenete|tener)\b.{0,15}\b(?:a mente|presente|conto)\b",
        r"\b(?:segna(?:ti)?|annota(?:ti)?|prendi nota|memorizza|salva(?:ti)?)\b(?:,? per favore,?)?[:,]?\s+(?:che|il mio|la mia|i miei|per)\b",
        r"\bnon dimenticare (?:mai )?che\b",
        r"\bsappi che\b", r"\b(?:resti|rimanga|sia) (?:annotat|registrat|salvat|segnat)[oa]\b",
    ),
    lasting=(
        r"\bnon (?:mi|ci) \w+(?:re|are)? (?:mai )?più\b|\bnon \w+mi (?:mai )?più\b", r"\b(?:d'ora in (?:poi|avanti)|da (?:ora|oggi|adesso) in (?:poi|avanti)|in futuro|per il futuro|una volta per tutte|mai più|per sempre)\b",
        r"\b(?:ogni volta che|sempre quando) (?:ti|io|mi|chiedo|\w+o)\b",
        r"\bin tutte le (?:mie )?(?:prossime|future)\b",
        r"^(?:sempre|mai)\b",
        r"\b(?:rispondi|usa|scrivi|parla)\w*\b.{0,30}\b(?:sempre|mai)\b",
    ),
    name=(r"\bchiamami\b(?! (?:alle|quando|domani|dopo))", r"\b(?:puoi chiamarmi|dammi del (?:tu|lei))\b"),
    not_keep=(
        r"\b(?:ricordami|avvisami)\b",
        r"\b(?:ti ricordi|si ricorda|ricordi (?:quando|quale|che))\b",
        r"\bnon (?:serve|c'è bisogno|devi) (?:di )?(?:ricordar\w*|salvar\w*|memorizzar\w*|annotar\w*)",
    ),
    passing=(
        r"\b(?:solo (?:per )?(?:oggi|stavolta|questa volta|adesso)|questa volta|stavolta|per (?:oggi|ora|adesso)|oggi)\b",
    ),
    polite=(r"\b(?:puoi|potresti|può|potrebbe)\b",),
    forget=(
        r"\b(?:dimentica(?:ti)?|scorda(?:ti)?)\b(?=\s+(?:che|il mio|la mia|i miei|quello che|la regola|quella)\b)",
        r"\b(?:cancella|elimina|togli)\b(?=.*\b(?:memoria|quello che sai|profilo|salvat[oa])\b)",
        r"\bnon vale più\b",
    ),
)

DUTCH = Language(
    keep=(
        r"\bonthoud\w*\b(?=.*\b(?:dat|mijn|ik|wij|we|dit|voor)\b)",
        r"\bhoud?\b.{0,25}\b(?:er )?rekening (?:mee|met)\b.{0,60}",
        r"\b(?:noteer|schrijf op|sla op|bewaar)\b.{0,20}\b(?:dat|mijn|voor later)\b",
        r"\bvergeet niet dat\b",
        r"\b(?:kun|kan) je (?:\w+ )?onthouden\b",
    ),
    lasting=(
        r"\b(?:vanaf nu|van nu af aan|voortaan|in (?:het vervolg|de toekomst)|standaard|nooit meer|voor altijd|voorgoed)\b",
        r"\b(?:elke|iedere) keer (?:dat|als|wanneer) (?:ik|we|wij)\b",
        r"\bbij (?:elke|iedere|alle) (?:volgende|toekomstige)\b",
        r"^(?:altijd|nooit)\b",
        r"\b(?:antwoord|gebruik|schrijf|noem|geef)\b.{0,30}\b(?:altijd|nooit)\b",
    ),
    name=(r"\bnoem me\b", r"\bnoem mij\b", r"\bje mag me \w+ noemen\b"),
    not_keep=(
        r"\bherinner (?:me|mij|je)\b",
        r"\b(?:weet je nog|onthoud je|herinnert u)\b",
        r"\bhoef(?:t|je)?\b.{0,20}\bniet\b.{0,15}\bonthouden\b",
        r"\bonthoud (?:dit|dat) niet\b",
    ),
    passing=(r"\b(?:alleen (?:vandaag|deze keer|nu)|deze keer|voor (?:vandaag|nu|deze keer)|vandaag)\b",),
    polite=(r"\b(?:kun|kan|wil|zou) (?:je|u)\b",),
    forget=(
        r"\bvergeet\b(?=\s+(?:dat|mijn|wat|de regel|alles)\b)(?!\s+dat maar)",
        r"\b(?:verwijder|wis|schrap)\b(?=.*\b(?:geheugen|wat je (?:van|over)|profiel|opgeslagen|regel)\b)",
        r"\bgeldt niet meer\b",
    ),
)

OTHERS = Language(
    keep=(
        r"请记住|請記住|记住(?!了吗)|記住|记一下|記一下|记下来|帮我记|覚えておいて|覚えてください|記憶して|メモしておいて|기억해\s?(?:줘|주세요|둬)",
        r"\b(?:запомни(?:те)?|имей(?:те)? в виду|учти(?:те)?|запиши(?:те)?,? что)\b",
        r"\b(?:zapamiętaj|pamiętaj,? że|zanotuj,? że|miej na uwadze)\b",
        r"\b(?:kom ihåg att|husk at|husk på at|muista että|ha i åtanke)\b",
        r"\b(?:yaad rakh\w*|dhyan (?:mein |me )?rakh\w*|ingat(?:lah)?,? (?:bahwa|ya)|tolong ingat|tandaan mo|hãy nhớ|nhớ (?:là|rằng))\b", r"\b(?:pamatuj si|zapamatuj si|ține minte|jegyezd meg|ne felejtsd el|запам'ятай(?:те)?|muista,? että|pidä mielessä)\b|να θυμάσαι|تذكر أن|זכור ש|याद रख|จำไว้",
        r"\b(?:unutma ki|aklında (?:tut|bulunsun)|hatırla ki)\b",
    ),
    lasting=(
        r"以后(?:都|请|每)|今后|從今以後|从今以后|从现在开始|以後(?:都|請)|今後(?:は|も|の)|これからは|次回から|毎回|앞으로(?:는)?|항상",
        r"\b(?:с этого момента|впредь|отныне|в дальнейшем|всегда (?:отвечай|пиши|используй))\b",
        r"\b(?:od teraz|na przyszłość|w przyszłości|od dziś|zawsze (?:odpowiadaj|pisz|używaj))\b",
        r"\b(?:från och med nu|i fortsättningen|fra nå av|fremover|fra nu af|fremover|tästä lähtien)\b",
        r"\b(?:aage se|ab se|hamesha|mulai sekarang|ke depannya|mula ngayon|từ (?:giờ|nay)|od teď|de acum (?:înainte|încolo)|mostantól|відтепер|надалі|jatkossa)\b|από εδώ και πέρα|من الآن فصاعد|מעכשיו|अब से|จากนี้ไป",
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

LANGUAGES = (GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, OTHERS)
