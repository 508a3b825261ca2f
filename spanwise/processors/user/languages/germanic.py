"""German and Dutch."""

from __future__ import annotations

from spanwise.processors.user.languages.language import Language

GERMAN = Language(
    keep=(
        r"\bmerk(?:e|en sie|t)?\s+(?:es\s+)?(?:dir|dirs|euch|sich)\b",
        r"\bbitte (?:gut )?(?:merken|vormerken|notieren)\b",
        r"\b(?:dir|euch|sich)\b[^,.]{0,40}\b(?:merken|merkst)\b",
        (
            r"\b(?:halte?|halten sie) (?:bitte )?fest\b|\b(?:soll|möchte|bitte)\b.{0,40}\b(?:hinterlegt|vermerkt"
            r"|notiert|gespeichert)\b"
        ),
        r"\b(?:notier|speicher|vermerk)(?:e|en sie)?\b(?=.*\b(?:dir|dass|mein\w*|unser\w*|wir|ich|bitte)\b)",
        r"\bbehalte?\b.{0,40}\bim (?:hinterkopf|kopf|gedächtnis)\b",
        r"\bvergiss (?:bitte )?(?:nicht|nie)[, ]+dass\b",
        r"\bdenk(?:e|en sie)? (?:bitte )?(?:immer |künftig )?(?:dran|daran)\b.{0,12}\bdass\b",
        r"\b(?:für die zukunft|zur info für später|für später)\b",
        (
            r"\b(?:denk|denken sie|achte|achten sie|berücksichtige?)\b.{0,30}\b(?:künftig|in zukunft|immer|stets"
            r"|ab jetzt|daran)\b"
        ),
        (
            r"\b(?:in|ins) (?:deine?n?|ihre?n?|mein(?:em|en)?) (?:notizen|gedächtnis|profil|akten?)\b(?!.*\b(?:lösch"
            r"|streich|entfern))"
        ),
        r"\b(?:nimm|nehmen sie)\b.{0,40}\bin (?:dein|ihr|mein)\w* (?:profil|notizen|gedächtnis) auf\b",
    ),
    lasting=(
        r"\bab (?:jetzt|sofort|heute|nun)\b(?! \d)",
        r"\bvon (?:nun|jetzt|heute) an\b",
        r"\b(?:in zukunft|künftig|zukünftig|fortan|grundsätzlich|dauerhaft|standardmäßig|ein für alle ?mal)\b",
        r"\bnie (?:mehr|wieder)\b",
        r"\b(?:mir|uns|mich)\b.{0,40}\b(?:keine?n?|nicht|nie) (?:.{0,30} )?mehr\b",
        r"\b(?:jedes mal|immer),? wenn (?:ich|wir|jemand) (?:dich|dir|dir|ihnen|nach|etwas|frage\w*|bitte)\b",
        (
            r"\b(?:bei|für|in) (?:allen?|jede[rnms]?) (?:(?:weiteren|künftigen|zukünftigen|späteren|meine[rn]?"
            r"|unsere[rn]?) )"
        ),
        r"\bbitte\b.{0,60}\b(?:bei|für|in) (?:allen?|jede[rnms]?) \w",
        r"^(?:bitte )?(?:immer|nie|niemals|stets)\b(?! (?:wenn|noch|mehr|wieder)\b)",
        r"\b(?:gilt|gelten) (?:ab|für alle?s?|immer|generell|überall|auch künftig|dauerhaft)\b",
        r"\b(?:bei|in|für) alle[ms],? was du (?:mir|uns|für)\b|\balles,? was du (?:mir|uns|für mich)\b",
        r"\b(?:bitte|möchte|will|sollst|solltest)\b.{0,60}\b(?:generell|immer|stets|nie|niemals|jedes ?mal)\b",
        (
            r"\b(?:gewöhn(?:e)? dir an|bis auf weiteres|solange ich nichts anderes)\b|,\s*(?:und zwar )?(?:immer"
            r"|jedes ?mal)[.!]*$"
        ),
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
        r"\bbis (?:wir|ich|du|zum|morgen|heute|ende|alles)\b",
        r"\b(?:nur )?(?:diesmal|dieses mal|für heute|heute|ausnahmsweise|nur jetzt|für den moment|vorerst|erstmal)\b",
    ),
    polite=(
        r"\b(?:kannst|könntest|würdest|magst) du\b",
        r"\b(?:können|könnten|würden) sie\b",
        r",\s*(?:ja|ok|okay|oder|bitte|geht das)\s*\?",
    ),
    reported=(
        (
            r"\b(?!ich\b|wir\b|du\b|sie\b)\w+ (?:sagt|sagte|meint|meinte|behauptet|schreibt|empfiehlt|rät"
            r"|findet)\b(?! mir bitte)"
        ),
        r"\b(?:laut|angeblich|ich habe? gehört|ich habe? gelesen)\b",
    ),
    forget=(
        r"\bvergiss\b(?!\s+(?:es|nicht|nie|bitte nicht|das einfach)\b)(?=.*\b(?:mein\w*|dass|was|die|den|das)\b)",
        (
            r"\b(?:streich|lösch|entfern)(?:e|en sie)?\b(?=.*\b(?:gilt nicht mehr|stimmt nicht mehr|gedächtnis"
            r"|gespeichert|gemerkt|profil|über mich|regel|vorliebe)\b)"
        ),
        r"\bgilt (?:so )?nicht mehr\b",
        r"\bstreich(?:e|en sie)?\b(?=.*\bwieder\b)",
        (
            r"\bmein\w* (?:alte\w*|frühere\w*) \w+\b.{0,30}\b(?:kannst|darfst) du (?:\w+ )?(?:löschen|vergessen"
            r"|streichen)\b"
        ),
        (
            r"\b(?=(?:das mit|die sache mit|mein\w*|unser\w*|dass|was|den|die|das)\b[^?]{1,80}?\b(?:kannst|darfst"
            r"|könntest|solltest|bitte)\b"
            r"[^?]{0,50}\b(?:vergessen|streichen|rausnehmen)\b(?! (?:wir|ich)))"
            r"(?=.*\b(?:mein\w*|gemerkt|gesagt|wieder|erzählt|gespeichert|regel|vorliebe|weißt|sache|das mit)\b)"
        ),
        (
            r"(?=.*\b(?:gemerkt|gesagt|erzählt|gespeichert|regel|vorliebe|weißt|mein\w* (?:\w+ )?(?:adresse|nummer"
            r"|name\w*|geburtstag|größe"
            r"|gehalt|allergie\w*|daten|vorlieben?))\b)\b(?:kannst|darfst|könntest"
            r"|solltest) du\b.{0,50}\b(?:löschen|entfernen)\b"
        ),
        (
            r"\b(?:kannst|darfst|könntest|würdest) (?:du )?(?=(?:das mit|die sache mit|den|die|das"
            r"|mein\w*)\b.{0,60}\b(?:wieder|ruhig|gerne?|jetzt)\b"
            r".{0,20}\b(?:streichen|löschen|vergessen|rausnehmen))"
        ),
        (
            r"\b(?:kannst|darfst|könntest|würdest) du\b(?=.{0,60}\b(?:vergessen|aus (?:deinem|dem) (?:gedächtnis"
            r"|profil"
            r"|speicher))\b)"
        ),
        r"\b(?:musst|brauchst) du dir nicht mehr\b.{0,20}\b(?:merken)\b",
        (
            r"\b(?:lösch|vergiss|streich)\w*\b(?=.{0,40}\b(?:alles|was du)\b.{0,40}\b(?:über|weißt|gespeichert"
            r"|gemerkt)\b)"
        ),
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
        (
            r"\b(?:vanaf nu|van nu af aan|voortaan|in (?:het vervolg|de toekomst)|standaard|nooit meer|voor altijd"
            r"|voorgoed)\b"
        ),
        r"\b(?:elke|iedere) keer (?:dat|als|wanneer) (?:ik|we|wij)\b",
        r"\bbij (?:elke|iedere|alle) (?:volgende|toekomstige)\b",
        r"^(?:altijd|nooit)\b|,\s*(?:graag )?(?:altijd|elke keer)[.!]*$",
        r"\balles wat je (?:voor )?(?:mij|me|ons)\b|\b(?:geldt|gelden) (?:altijd|voor alles|voor alle)\b",
        r"\b(?:graag|wil|moet|mag)\b.{0,40}\b(?:altijd|nooit|steeds)\b",
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
    polite=(r"\b(?:kun|kan|wil|zou) (?:je|u)\b", r",\s*(?:ok|oké|goed|graag|ja)\s*\?"),
    reported=(r"\b(?!ik\b|wij\b|we\b|je\b)\w+ (?:zegt|zei|vindt|beweert|schrijft)\b", r"\bvolgens\b(?! mij)"),
    forget=(
        r"\bvergeet\b(?=\s+(?:dat|die|deze|het|mijn|wat|de regel|alles)\b)(?!\s+dat maar)",
        r"\b(?:verwijder|wis|schrap)\b(?=.*\b(?:geheugen|wat je (?:van|over)|profiel|opgeslagen|regel)\b)",
        r"\bgeldt niet meer\b",
        r"\b(?:mag|kun|kan|zou|wil) (?:je|u)\b(?=.{0,60}\bvergeten\b)(?!.{0,20}\bniet vergeten)",
        r"\b(?:hoef|moet) je (?:dat |het )?niet (?:meer|langer) te (?:onthouden|bewaren)\b",
        r"\b(?:verwijder|wis|schrap)\b(?=.*\b(?:wat je (?:weet|hebt)|onthouden|bewaard)\b)",
    ),
)
