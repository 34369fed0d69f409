"""The words for what can be wrong with a form: what it is, and what its author does about it, in Chinese and English.

`docs/forms.md` lists the same codes; `fieldsvc.xlsform.problems` attaches them to a place.
"""

from __future__ import annotations

Said = dict[str, str]


def _said(zh: str, en: str) -> Said:
    return {"zh": zh, "en": en}


#: What is wrong, by code.
TEXTS: dict[str, Said] = {
    "form-unreadable": _said("文件打不开，不是表单", "The file cannot be read as a form"),
    "form-refused": _said("表单写法有误", "The form is not written correctly"),
    "form-too-large": _said("表单文件过大", "The form file is too large"),
    "xml-unsafe": _said(
        "文件含有不允许的 XML 内容（如 DOCTYPE）", "The file holds XML that is not allowed, such as a DOCTYPE"
    ),
    "sheet-missing": _said("缺少工作表", "A sheet is missing"),
    "sheet-empty": _said("工作表里没有内容", "The sheet is empty"),
    "sheet-hidden": _said("工作表是隐藏的，仍然按表单读取", "The sheet is hidden, and is read all the same"),
    "heading-missing": _said("缺少必需的列", "A column that is needed is missing"),
    "heading-duplicate": _said("同一列出现了两次", "A column stands there twice"),
    "heading-unknown": _said("不认识的列，已忽略", "An unknown column, which is ignored"),
    "cell-formula": _said("单元格是公式，没有算出的值", "The cell is a formula without a computed value"),
    "cell-date": _said("单元格是 Excel 日期，不是文字", "The cell is an Excel date, not text"),
    "cell-merged": _said("合并的单元格：只有左上角有内容", "Merged cells: only the first of them has content"),
    "title-missing": _said("没有表单标题，用编号代替", "The form has no title; its id stands for it"),
    "form-id-missing": _said("没有表单编号，用文件名代替", "The form has no id; the name of the file stands for it"),
    "form-id-taken": _said(
        "没有表单编号，而文件名正好是另一张已有表单的编号",
        "The form has no id, and the name of the file is the id of a form that is there already",
    ),
    "version-missing": _said("没有版本号，当作 1", "The form has no version; it counts as 1"),
    "form-id-invalid": _said("表单编号缺失或写法不对", "The form's id is missing or not written correctly"),
    "version-invalid": _said("版本号缺失或写法不对", "The version is missing or not written correctly"),
    "version-exists": _said("这个版本已经有了，而且内容不同", "This version exists already, with other content"),
    "version-unknown": _said("没有要比较的这个版本", "There is no such version to compare with"),
    "version-not-newer": _said("版本号没有增大", "The version is not newer than the last one"),
    "name-missing": _said("没有写名称", "There is no name"),
    "name-invalid": _said("名称写法不对", "The name is not written correctly"),
    "name-duplicate": _said("名称重复", "The name is there twice"),
    "name-ambiguous": _said("引用的名称不止一个，无法确定是哪个", "More than one question has this name"),
    "type-missing": _said("没有写题型", "The question has no type"),
    "type-unsupported": _said("不支持这种题型", "This type of question is not supported"),
    "type-unrecorded": _said(
        "这里不作后台记录，这一行不起作用", "Nothing is recorded in the background here; the row has no effect"
    ),
    "label-missing": _said("没有题目文字", "The question has no label"),
    "translation-missing": _said("有的行没有这种语言的文字", "Some rows have no text in this language"),
    "language-unknown": _said("默认语言没有对应的列", "No column has the default language"),
    "group-unbalanced": _said("分组或重复的开始和结束对不上", "A group or repeat begins or ends alone"),
    "calculation-missing": _said("计算题没有写算式", "A calculate row has no calculation"),
    "parameters-invalid": _said("参数写法有误", "The parameters are not written correctly"),
    "expression-punctuation": _said(
        "表达式里有中文标点或全角符号", "The expression holds Chinese or full-width punctuation"
    ),
    "expression-syntax": _said("表达式写法有误", "The expression is not written correctly"),
    "expression-unsupported": _said("表达式用到不支持的写法", "The expression uses something unsupported"),
    "expression-too-deep": _said("表达式层次太深", "The expression is nested too deeply"),
    "unknown-function": _said("没有这个函数", "There is no such function"),
    "wrong-arguments": _said("函数的参数个数不对", "The function takes another number of arguments"),
    "unknown-node": _said("表达式引用了不存在的题目", "The expression names a question that does not exist"),
    "node-twice": _said(
        "同一个节点有两道题（或两个分组、两个 bind、打开时的两个值）",
        "Two questions, groups, binds or values at the opening stand for the same node",
    ),
    "action-target": _said(
        "动作要填的题目不存在，或者是分组", "The action fills in a question that does not exist, or a group"
    ),
    "action-event": _said(
        "动作没有写在什么时候执行，或那个时候不会到来", "The action has no event, or one that never happens"
    ),
    "action-unsupported": _said("表单里有这里不会做的动作", "The form has an action that is not done here"),
    "action-unasked": _said(
        "动作要等一道题的回答改变，却没有写在题目里",
        "The action waits for an answer to change, and stands in no question",
    ),
    "null-unknown": _said("表达式里没有 null，按空白处理", "Expressions know no null; it counts as blank"),
    "cycle": _said("计算或显示条件互相引用，成了循环", "Calculations or conditions go in a circle"),
    "regex-unsupported": _said("正则表达式写法有误", "The regular expression cannot be used"),
    "rule-unknown": _said(
        "没有这条共用规则，或参数个数不对", "There is no such shared rule, or it takes other arguments"
    ),
    "list-missing": _said("没有这个选项列表", "There is no such choice list"),
    "list-unreadable": _said("列表写法有误", "The list is not written correctly"),
    "list-too-large": _said("列表过大，手机流量承受不了", "The list is too large for phones on a slow network"),
    "bundle-invalid": _said(
        "压缩包（或一次选中的几个文件）里应有且只有一个表单文件",
        "One form file, and only one, must be in the zip or among the files",
    ),
    "picture-missing": _said("图片没有一起上传", "The picture was not uploaded with the form"),
    "picture-unfit": _said("不是能显示的图片", "This is no picture that can be shown"),
    "picture-too-large": _said("图片太大", "The picture is too large"),
    "pictures-too-many": _said(
        "图片加起来太大，手机流量承受不了", "All pictures together are too large for phones on a slow network"
    ),
    "picture-unused": _said("表单没有用到这个文件", "The form does not use this file"),
    "media-ignored": _said("题目里的声音、视频和大图不会显示", "Sound, film and big pictures in labels are not shown"),
    "list-unused": _said("选项列表没有用到", "The choice list is not used"),
    "choice-code": _said("选项代码不能含空格", "A choice code must not hold blanks"),
    "choice-code-ascii": _said(
        "选项代码最好用英文字母和数字", "A choice code is best written in ASCII letters and digits"
    ),
    "choice-duplicate": _said("同一列表里选项代码重复", "The list has this code twice"),
    "choice-unnamed": _said("选项没有代码或列表名", "A choice has no code, or belongs to no list"),
    "choice-label": _said("选项没有文字，将显示代码", "A choice has no label; its code is shown"),
    "entity-invalid": _said("entities 表写法有误", "The entities sheet is not written correctly"),
    "save-to-invalid": _said("save_to 写法有误", "The save_to cell is not written correctly"),
    "subject-missing": _said("没有写明这张表填的是哪类档案", "The form does not say what it is about"),
    "dataset-unknown": _said("没有这类档案", "There is no such dataset"),
    "property-new": _said(
        "档案里还没有这个项目，发布时会新增", "The dataset has no such property yet; publishing adds it"
    ),
    "property-type": _said("题型与档案项目的类型不符", "The question does not fit the type of the property"),
    "property-code": _said("档案项目没有这个代码", "The property does not know this code"),
    "prefill-unknown": _said("预填的项目不存在", "There is no such property to prefill from"),
    "form-warning": _said("提示", "Note"),
}

_SPELLING = _said("检查拼写。", "Check the spelling.")

#: What to do about it, by code.
REMEDIES: dict[str, Said] = {
    "form-unreadable": _said(
        "用 Excel 另存为 .xlsx 再上传；Markdown 请存为 UTF-8。",
        "Save it as .xlsx in Excel and upload that; Markdown must be UTF-8.",
    ),
    "form-refused": _said("按后面的说明修改这一处。", "Change what the words after it describe."),
    "form-too-large": _said(
        "删除多余的行、图片和工作表；大的名单请作为列表文件发布。",
        "Remove rows, pictures and sheets that are not needed; publish a long list as a list file.",
    ),
    "xml-unsafe": _said("删除 DOCTYPE 和实体声明。", "Remove the DOCTYPE and its entities."),
    "sheet-missing": _said(
        "工作表要叫 survey、choices、settings、entities。",
        "Name the sheets survey, choices, settings and entities.",
    ),
    "sheet-empty": _said("第一行写列名，从第二行起写内容。", "Headings go into row 1, content from row 2."),
    "sheet-hidden": _said("取消隐藏，或删除这张表。", "Unhide it, or delete it."),
    "heading-missing": _said("在第一行加上这一列。", "Add the column in row 1."),
    "heading-duplicate": _said("删除或改名其中一列。", "Remove or rename one of the two."),
    "heading-unknown": _said("检查拼写；不需要就删除这一列。", "Check the spelling, or delete the column."),
    "cell-formula": _said(
        "在 Excel 里打开并保存一次，或改成文字。", "Open and save it once in Excel, or write text instead."
    ),
    "cell-date": _said("把单元格设为“文本”，写成 2026-11-22。", "Format the cell as text and write 2026-11-22."),
    "cell-merged": _said("取消合并，每一行都写完整。", "Unmerge them and write every row in full."),
    "title-missing": _said("在 settings 表写 form_title。", "Write form_title in the settings sheet."),
    "form-id-missing": _said(
        "在 settings 表写 form_id，以后文件改名也还是同一张表单。",
        "Write form_id in the settings sheet, so that a renamed file is still the same form.",
    ),
    "form-id-taken": _said(
        "在 settings 表写 form_id：是它的新版本就写它的编号，不是就另写一个。",
        "Write form_id in the settings sheet: that id for a new version of it, another for another form.",
    ),
    "version-missing": _said(
        "在 settings 表写 version，例如 2026112201；以后修改时要增大。",
        "Write version in the settings sheet, such as 2026112201; a later change needs a newer one.",
    ),
    "form-id-invalid": _said(
        "在 settings 表写 form_id：英文字母开头，只含字母、数字、_ 和 -，不超过 64 个。",
        "Write form_id in the settings sheet: a letter first, then letters, digits, _ and -, at most 64.",
    ),
    "version-invalid": _said(
        "在 settings 表写 version，例如 2026112201：只含字母、数字、. _ -，不超过 32 个。",
        "Write version in the settings sheet, such as 2026112201: letters, digits, . _ -, at most 32.",
    ),
    "version-exists": _said("改用更大的版本号再上传。", "Give it a newer version and upload it again."),
    "version-unknown": _said(
        "写一个已有的版本，或者写另一个文件的名字。", "Name one of those there are, or another file."
    ),
    "version-not-newer": _said("改用更大的版本号。", "Give it a newer version."),
    "name-missing": _said("在 name 列写一个英文名称。", "Write a name in the name column."),
    "name-invalid": _said(
        "以字母或下划线开头，只含字母、数字、_ - .，不含空格。",
        "Begin with a letter or an underscore; then letters, digits, _ - . and no blanks.",
    ),
    "name-duplicate": _said("改用另一个名称。", "Use another name."),
    "name-ambiguous": _said("给其中一题改名。", "Rename one of them."),
    "type-missing": _said("在 type 列写题型，例如 text。", "Write a type in the type column, such as text."),
    "type-unsupported": _said(
        "改用支持的题型，例如 text、integer、date、select_one 列表名。",
        "Use one of the supported types, such as text, integer, date or select_one list.",
    ),
    "type-unrecorded": _said("不需要就删除这一行。", "Delete the row."),
    "label-missing": _said("在 label 列写题目文字。", "Write a label."),
    "translation-missing": _said(
        "补上译文；不补则显示默认语言。", "Add the translation; until then the default language is shown."
    ),
    "language-unknown": _said(
        "default_language 要与列名里的语言写法一样，例如 中文 (zh)。",
        "Write default_language exactly as the headings name the language.",
    ),
    "group-unbalanced": _said(
        "每个 begin group 或 begin repeat 都要有对应的 end。", "Every begin group or begin repeat needs its end."
    ),
    "calculation-missing": _said("在 calculation 列写算式。", "Write the calculation."),
    "parameters-invalid": _said("写成 key=value key2=value2。", "Write key=value key2=value2."),
    "expression-punctuation": _said(
        "把括号、逗号、引号和运算符改成英文半角。", "Write brackets, commas, quotes and operators in half width."
    ),
    "expression-syntax": _said(
        "检查括号、引号和运算符；引用题目写 ${name}。",
        "Check brackets, quotes and operators; a question is ${name}.",
    ),
    "expression-unsupported": _said("换一种写法，见表单说明的“表达式”。", "Write it another way, see Expressions."),
    "expression-too-deep": _said("拆成几道计算题。", "Split it over several calculate rows."),
    "unknown-function": _said("检查拼写，见表单说明的函数表。", "Check the spelling; see the list of functions."),
    "wrong-arguments": _said("检查逗号和参数个数。", "Check the commas and the number of arguments."),
    "unknown-node": _said("检查名称，或先加上这道题。", "Check the name, or add the question."),
    "node-twice": _said("合成一个，或各用一个节点。", "Make one of the two, or give each a node of its own."),
    "action-target": _said("检查 ref 或 bind。", "Check its ref or bind."),
    "action-event": _said(
        "event 写 odk-instance-first-load（打开时）、odk-new-repeat（新增时）或 xforms-value-changed（回答改变时）。",
        "Write the event: odk-instance-first-load, odk-new-repeat, or xforms-value-changed for a change of the answer.",
    ),
    "action-unsupported": _said("改用 setvalue，或去掉。", "Fill in a value with setvalue, or leave it out."),
    "action-unasked": _said("把它写进那道题里。", "Put it into the question whose answer it waits for."),
    "null-unknown": _said("写成 ''。", "Write '' instead."),
    "cycle": _said("去掉其中一处引用。", "Remove one of the references."),
    "regex-unsupported": _said(
        "不用后顾、内嵌标志、命名组、++ 和 \\p。", "Do without lookbehind, inline flags, named groups, `++` and \\p."
    ),
    "rule-unknown": _said(
        "检查 @ 后面的名称和括号里的参数。", "Check the name after @ and what stands in its brackets."
    ),
    "list-missing": _said(
        "在 choices 表加上这个 list_name，或发布同名列表，或检查拼写。",
        "Add the list_name to the choices sheet, publish a list of that name, or check the spelling.",
    ),
    "list-unreadable": _said(
        "要有 name 列，每行都要填；列名不含空格和符号。", "Give every row a name; headings are plain names."
    ),
    "list-too-large": _said("减少行数，或少用几列。", "Remove rows, or let the form read fewer columns."),
    "bundle-invalid": _said(
        "只留一个 .xlsx（或 .xls、.md、.xml），其余只放图片。",
        "Leave one .xlsx (or .xls, .md, .xml), and only pictures beside it.",
    ),
    "picture-missing": _said(
        "把图片和表单放进同一个 .zip，或一次选中一起上传；文件名要一模一样。",
        "Put it into one .zip with the form, or choose both at once; the file names must be the same.",
    ),
    "picture-unfit": _said("另存为 JPEG 或 PNG。", "Save it as JPEG or PNG."),
    "picture-too-large": _said(
        "缩小到宽、高都不超过 640 像素，另存为 JPEG，不超过 12 KB。",
        "Make it at most 640 pixels wide and high and save it as JPEG of at most 12 KB.",
    ),
    "pictures-too-many": _said(
        "减少或缩小图片，合计不超过 60 KB。", "Use fewer or smaller ones, 60 KB at most together."
    ),
    "picture-unused": _said(
        "不需要就不要放进去；需要就写进 media::image 列。", "Leave it out, or name it in a media::image column."
    ),
    "media-ignored": _said("只用 media::image 列；其余的删除。", "Use media::image only, and delete the others."),
    "list-unused": _said("不需要就删除。", "Delete it if nothing needs it."),
    "choice-code": _said("空格改成下划线。", "Write an underscore instead."),
    "choice-code-ascii": _said("代码用英文，文字写在 label 列。", "Write the words into the label column."),
    "choice-duplicate": _said("改用另一个代码。", "Use another code."),
    "choice-unnamed": _said("写上 list_name 和 name。", "Write list_name and name."),
    "choice-label": _said("在 label 列写选项文字。", "Write a label."),
    "entity-invalid": _said(
        "每行写 list_name；新增写 label，修改写 entity_id，两者都要则写 create_if 和 update_if。",
        "Each row has list_name; to create, a label; to change, an entity_id; for both also create_if and update_if.",
    ),
    "save-to-invalid": _said(
        "写成 项目 或 档案类别#项目；不能是 name 或 label，不能写在分组行上。",
        "Write property or dataset#property; not name or label, and not on a group's row.",
    ),
    "subject-missing": _said(
        "在 settings 表写 subject_dataset，例如 households（农户）。",
        "Write subject_dataset in the settings sheet, such as households.",
    ),
    "dataset-unknown": _SPELLING,
    "property-new": _said(
        "检查拼写；如果确实要新增，可以发布。", "Check the spelling; if it is meant to be new, publish."
    ),
    "property-type": _said(
        "改用相应的题型，或保存到另一个项目。", "Use a fitting type of question, or save to another property."
    ),
    "property-code": _said("改用档案项目的代码。", "Use the codes of the property."),
    "prefill-unknown": _SPELLING,
    "form-warning": _said("", ""),
}
