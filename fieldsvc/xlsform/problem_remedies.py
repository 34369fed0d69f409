"""What the author of a form does about each mistake, by its code, in Chinese and English."""

from __future__ import annotations

from fieldsvc.xlsform.problem_texts import Said, said

_SPELLING = said("检查拼写。", "Check the spelling.")
#: What to do about it, by code.
REMEDIES: dict[str, Said] = {
    "form-unreadable": said(
        "用 Excel 另存为 .xlsx 再上传；Markdown 请存为 UTF-8。",
        "Save it as .xlsx in Excel and upload that; Markdown must be UTF-8.",
    ),
    "form-refused": said("按后面的说明修改这一处。", "Change what the words after it describe."),
    "form-too-large": said(
        "删除多余的行、图片和工作表；大的名单请作为列表文件发布。",
        "Remove rows, pictures and sheets that are not needed; publish a long list as a list file.",
    ),
    "xml-unsafe": said("删除 DOCTYPE 和实体声明。", "Remove the DOCTYPE and its entities."),
    "sheet-missing": said(
        "工作表要叫 survey、choices、settings、entities。",
        "Name the sheets survey, choices, settings and entities.",
    ),
    "sheet-empty": said("第一行写列名，从第二行起写内容。", "Headings go into row 1, content from row 2."),
    "sheet-hidden": said("取消隐藏，或删除这张表。", "Unhide it, or delete it."),
    "heading-missing": said("在第一行加上这一列。", "Add the column in row 1."),
    "heading-duplicate": said("删除或改名其中一列。", "Remove or rename one of the two."),
    "heading-unknown": said("检查拼写；不需要就删除这一列。", "Check the spelling, or delete the column."),
    "heading-wrong": said(
        "检查拼写：图片写 media::image，语言写成 label::中文 (zh)。",
        "Check the spelling: a picture is media::image, a language label::Chinese (zh).",
    ),
    "namespace-missing": said(
        '在 settings 表的 namespaces 列原样写 fs="urn:fieldsvc:forms"。',
        'Write fs="urn:fieldsvc:forms" in the column namespaces of the settings sheet, exactly so.',
    ),
    "word-unknown": said(
        "改成后面列出的值之一，或把单元格清空。", "Write one of the values after it, or empty the cell."
    ),
    "new-subject-unmade": said(
        "settings 表写 subject_dataset；entities 表给它一行，只写 list_name 和 label，不写 entity_id、create_if、"
        "update_if；村的问题在 save_to 写 area_code。",
        "Write subject_dataset in the settings sheet; give it one row in the entities sheet with list_name and label, "
        "without entity_id, create_if or update_if; and save the question of the village to area_code.",
    ),
    "soft-missing": said(
        "在后面写的那一列写规则；不需要就清空这一格。",
        "Write the rule in the column that is named, or empty this cell.",
    ),
    "slot-unknown": said(
        "检查拼写；本县自己的栏位写进照片栏位文件（fieldsvc slots check）。",
        "Check the spelling; a slot of your county's own goes into its file of slots (fieldsvc slots check).",
    ),
    "settings-twice": said("删除这一行。", "Delete the row."),
    "cell-formula": said(
        "在 Excel 里打开并保存一次，或改成文字。", "Open and save it once in Excel, or write text instead."
    ),
    "cell-date": said("把单元格设为“文本”，写成 2026-11-22。", "Format the cell as text and write 2026-11-22."),
    "cell-merged": said("取消合并，每一行都写完整。", "Unmerge them and write every row in full."),
    "title-missing": said("在 settings 表写 form_title。", "Write form_title in the settings sheet."),
    "form-id-missing": said(
        "在 settings 表写 form_id，以后文件改名也还是同一张表单。",
        "Write form_id in the settings sheet, so that a renamed file is still the same form.",
    ),
    "form-id-taken": said(
        "在 settings 表写 form_id：是它的新版本就写它的编号，不是就另写一个。",
        "Write form_id in the settings sheet: that id for a new version of it, another for another form.",
    ),
    "version-missing": said(
        "在 settings 表写 version，例如 2026112201；以后修改时要增大。",
        "Write version in the settings sheet, such as 2026112201; a later change needs a newer one.",
    ),
    "form-id-invalid": said(
        "在 settings 表写 form_id：英文字母开头，只含字母、数字、_ 和 -，不超过 64 个。",
        "Write form_id in the settings sheet: a letter first, then letters, digits, _ and -, at most 64.",
    ),
    "version-invalid": said(
        "在 settings 表写 version，例如 2026112201：只含字母、数字、. _ -，不超过 32 个。",
        "Write version in the settings sheet, such as 2026112201: letters, digits, . _ -, at most 32.",
    ),
    "version-exists": said("改用更大的版本号再上传。", "Give it a newer version and upload it again."),
    "version-unknown": said(
        "写一个已有的版本，或者写另一个文件的名字。", "Name one of those there are, or another file."
    ),
    "version-not-newer": said("改用更大的版本号。", "Give it a newer version."),
    "name-missing": said("在 name 列写一个英文名称。", "Write a name in the name column."),
    "name-invalid": said(
        "以字母或下划线开头，只含字母、数字、_ - .，不含空格。",
        "Begin with a letter or an underscore; then letters, digits, _ - . and no blanks.",
    ),
    "name-duplicate": said("改用另一个名称。", "Use another name."),
    "name-ambiguous": said("给其中一题改名。", "Rename one of them."),
    "type-missing": said("在 type 列写题型，例如 text。", "Write a type in the type column, such as text."),
    "type-unsupported": said(
        "改用支持的题型，例如 text、integer、date、select_one 列表名。",
        "Use one of the supported types, such as text, integer, date or select_one list.",
    ),
    "type-unrecorded": said("不需要就删除这一行。", "Delete the row."),
    "label-missing": said("在 label 列写题目文字。", "Write a label."),
    "translation-missing": said(
        "补上译文；不补则显示默认语言。", "Add the translation; until then the default language is shown."
    ),
    "language-code": said(
        "写成 label::中文 (zh)、label::English (en)，括号用半角。",
        "Write label::Chinese (zh), label::English (en), with brackets of half width.",
    ),
    "language-unknown": said(
        "default_language 要与列名里的语言写法一样，例如 中文 (zh)。",
        "Write default_language exactly as the headings name the language.",
    ),
    "group-unbalanced": said(
        "每个 begin group 或 begin repeat 都要有对应的 end。", "Every begin group or begin repeat needs its end."
    ),
    "repeat-count": said(
        "要重复就写 begin repeat；不重复就清空这一格。",
        "Write begin repeat if it is to be repeated, or empty the cell.",
    ),
    "calculation-missing": said("在 calculation 列写算式。", "Write the calculation."),
    "appearance-unknown": _SPELLING,
    "parameters-invalid": said("写成 key=value key2=value2。", "Write key=value key2=value2."),
    "expression-punctuation": said(
        "把括号、逗号、引号和运算符改成英文半角。", "Write brackets, commas, quotes and operators in half width."
    ),
    "expression-foreign": said(
        "相等写 =，不等写 !=，并且写 and，或者写 or（小写），连接文字用 concat()，函数名用小写。",
        "Write = and != to compare, and and or in small letters, concat() to join texts, functions in small letters.",
    ),
    "expression-syntax": said(
        "检查括号、引号和运算符；引用题目写 ${name}。",
        "Check brackets, quotes and operators; a question is ${name}.",
    ),
    "expression-unsupported": said("换一种写法，见表单说明的“表达式”。", "Write it another way, see Expressions."),
    "expression-too-deep": said("拆成几道计算题。", "Split it over several calculate rows."),
    "unknown-function": said("检查拼写，见表单说明的函数表。", "Check the spelling; see the list of functions."),
    "wrong-arguments": said("检查逗号和参数个数。", "Check the commas and the number of arguments."),
    "unknown-node": said("检查名称，或先加上这道题。", "Check the name, or add the question."),
    "node-twice": said("合成一个，或各用一个节点。", "Make one of the two, or give each a node of its own."),
    "action-target": said("检查 ref 或 bind。", "Check its ref or bind."),
    "action-event": said(
        "event 写 odk-instance-first-load（打开时）、odk-new-repeat（新增时）或 xforms-value-changed（回答改变时）。",
        "Write the event: odk-instance-first-load, odk-new-repeat, or xforms-value-changed for a change of the answer.",
    ),
    "action-unsupported": said("改用 setvalue，或去掉。", "Fill in a value with setvalue, or leave it out."),
    "action-unasked": said("把它写进那道题里。", "Put it into the question whose answer it waits for."),
    "null-unknown": said("写成 ''。", "Write '' instead."),
    "cycle": said("去掉其中一处引用。", "Remove one of the references."),
    "regex-unsupported": said(
        "不用后顾、内嵌标志、命名组、++ 和 \\p。", "Do without lookbehind, inline flags, named groups, `++` and \\p."
    ),
    "rule-unknown": said(
        "检查 @ 后面的名称和括号里的参数。", "Check the name after @ and what stands in its brackets."
    ),
    "list-missing": said(
        "在 choices 表加上这个 list_name，或发布同名列表，或检查拼写。",
        "Add the list_name to the choices sheet, publish a list of that name, or check the spelling.",
    ),
    "list-file": said(
        "写成 members.csv 这样：列表名加 .csv。", "Write the name of the list and .csv, such as members.csv."
    ),
    "list-unreadable": said(
        "要有 name 列，每行都要填；列名不含空格和符号。", "Give every row a name; headings are plain names."
    ),
    "list-too-large": said("减少行数，或少用几列。", "Remove rows, or let the form read fewer columns."),
    "bundle-invalid": said(
        "只留一个 .xlsx（或 .xls、.md、.xml），其余只放图片。",
        "Leave one .xlsx (or .xls, .md, .xml), and only pictures beside it.",
    ),
    "picture-missing": said(
        "把图片和表单放进同一个 .zip，或一次选中一起上传；文件名要一模一样。",
        "Put it into one .zip with the form, or choose both at once; the file names must be the same.",
    ),
    "picture-unfit": said("另存为 JPEG 或 PNG。", "Save it as JPEG or PNG."),
    "picture-too-large": said(
        "缩小到宽、高都不超过 640 像素，另存为 JPEG，不超过 12 KB。",
        "Make it at most 640 pixels wide and high and save it as JPEG of at most 12 KB.",
    ),
    "pictures-too-many": said(
        "减少或缩小图片，合计不超过 60 KB。", "Use fewer or smaller ones, 60 KB at most together."
    ),
    "picture-unused": said(
        "不需要就不要放进去；需要就写进 media::image 列。", "Leave it out, or name it in a media::image column."
    ),
    "media-ignored": said("只用 media::image 列；其余的删除。", "Use media::image only, and delete the others."),
    "list-unused": said("不需要就删除。", "Delete it if nothing needs it."),
    "choice-code": said("空格改成下划线。", "Write an underscore instead."),
    "choice-code-ascii": said("代码用英文，文字写在 label 列。", "Write the words into the label column."),
    "choice-duplicate": said("改用另一个代码。", "Use another code."),
    "choice-column": said(
        "检查拼写，或在 choices 表加上这一列；引用题目要写成 ${名称}。",
        "Check the spelling, or add the column to the choices sheet; a question is written ${name}.",
    ),
    "choice-code-unknown": said(
        "改用列表里的代码；写的是代码（name 列），不是文字。",
        "Use a code of the list: what stands in its name column, not its label.",
    ),
    "default-unfit": said("改写默认值，日期写成 2026-11-22。", "Write another default; a date as 2026-11-22."),
    "target-unknown": _SPELLING,
    "choice-other": said(
        "把“其他”写成列表里的一个选项，再加一道 relevant 的文本题。",
        "Make the other one a choice of the list, and add a text question that is relevant then.",
    ),
    "choice-unnamed": said("写上 list_name 和 name。", "Write list_name and name."),
    "choice-label": said("在 label 列写选项文字。", "Write a label."),
    "entity-invalid": said(
        "每行写 list_name；新增写 label，修改写 entity_id，两者都要则写 create_if 和 update_if。",
        "Each row has list_name; to create, a label; to change, an entity_id; for both also create_if and update_if.",
    ),
    "entity-scope": said(
        "每份档案放进自己的分组或重复；别处的答案先用 calculate 抄进来。",
        "Give each record a group or repeat of its own; copy an answer from elsewhere by a calculate row.",
    ),
    "save-to-invalid": said(
        "写成 项目 或 档案类别#项目；不能是 name 或 label，不能写在分组行上。",
        "Write property or dataset#property; not name or label, and not on a group's row.",
    ),
    "subject-missing": said(
        "在 settings 表写 subject_dataset，例如 households（农户）。",
        "Write subject_dataset in the settings sheet, such as households.",
    ),
    "dataset-unknown": _SPELLING,
    "property-new": said(
        "检查拼写；如果确实要新增，可以发布。", "Check the spelling; if it is meant to be new, publish."
    ),
    "property-type": said(
        "改用相应的题型，或保存到另一个项目。", "Use a fitting type of question, or save to another property."
    ),
    "property-closed": said(
        "不写 save_to，或写到另一个项目；这一项由办公室或导入来改。",
        "Leave save_to out, or save to another property; this one is changed in the office or by an import.",
    ),
    "property-code": said("改用档案项目的代码。", "Use the codes of the property."),
    "prefill-unknown": _SPELLING,
    "form-warning": said("", ""),
}
