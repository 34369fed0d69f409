"""The words for what can be wrong with a form, in Chinese and English; `problem_remedies` says what is done about it.

`docs/forms.md` lists the same codes; `fieldsvc.xlsform.problems` attaches them to a place.
"""

from __future__ import annotations

Said = dict[str, str]


def said(zh: str, en: str) -> Said:
    return {"zh": zh, "en": en}


#: What is wrong, by code.
TEXTS: dict[str, Said] = {
    "form-unreadable": said("文件打不开，不是表单", "The file cannot be read as a form"),
    "form-refused": said("表单写法有误", "The form is not written correctly"),
    "form-too-large": said("表单文件过大", "The form file is too large"),
    "xml-unsafe": said(
        "文件含有不允许的 XML 内容（如 DOCTYPE）", "The file holds XML that is not allowed, such as a DOCTYPE"
    ),
    "sheet-missing": said("缺少工作表", "A sheet is missing"),
    "sheet-empty": said("工作表里没有内容", "The sheet is empty"),
    "sheet-hidden": said("工作表是隐藏的，仍然按表单读取", "The sheet is hidden, and is read all the same"),
    "heading-missing": said("缺少必需的列", "A column that is needed is missing"),
    "heading-duplicate": said("同一列出现了两次", "A column stands there twice"),
    "heading-unknown": said("不认识的列，已忽略", "An unknown column, which is ignored"),
    "heading-wrong": said("列名写法不对", "The heading of a column is not written correctly"),
    "namespace-missing": said(
        "没有写明 bind::fs: 这些列是什么，它们不起作用",
        "Nothing says what the columns bind::fs: are, and they have no effect",
    ),
    "word-unknown": said("这里不认识这个值", "This value means nothing here"),
    "new-subject-unmade": said(
        "写了 new_subject，却没有新建它的户", "The settings say new_subject, and nothing makes the new record"
    ),
    "soft-missing": said("有提示文字，却没有对应的规则", "A message, or whether it asks for a reason, has no rule"),
    "slot-unknown": said("没有这个照片栏位", "There is no such slot for photos"),
    "settings-twice": said(
        "settings 表只读第一行内容，这一行不起作用", "Only the first row of settings counts; this one has no effect"
    ),
    "cell-formula": said("单元格是公式，没有算出的值", "The cell is a formula without a computed value"),
    "cell-date": said("单元格是 Excel 日期，不是文字", "The cell is an Excel date, not text"),
    "cell-merged": said("合并的单元格：只有左上角有内容", "Merged cells: only the first of them has content"),
    "title-missing": said("没有表单标题，用编号代替", "The form has no title; its id stands for it"),
    "form-id-missing": said("没有表单编号，用文件名代替", "The form has no id; the name of the file stands for it"),
    "form-id-taken": said(
        "没有表单编号，而文件名正好是另一张已有表单的编号",
        "The form has no id, and the name of the file is the id of a form that is there already",
    ),
    "version-missing": said("没有版本号，当作 1", "The form has no version; it counts as 1"),
    "form-id-invalid": said("表单编号缺失或写法不对", "The form's id is missing or not written correctly"),
    "version-invalid": said("版本号缺失或写法不对", "The version is missing or not written correctly"),
    "version-exists": said("这个版本已经有了，而且内容不同", "This version exists already, with other content"),
    "version-unknown": said("没有要比较的这个版本", "There is no such version to compare with"),
    "version-not-newer": said("版本号没有增大", "The version is not newer than the last one"),
    "name-missing": said("没有写名称", "There is no name"),
    "name-invalid": said("名称写法不对", "The name is not written correctly"),
    "name-duplicate": said("名称重复", "The name is there twice"),
    "name-ambiguous": said("引用的名称不止一个，无法确定是哪个", "More than one question has this name"),
    "type-missing": said("没有写题型", "The question has no type"),
    "type-unsupported": said("不支持这种题型", "This type of question is not supported"),
    "type-unrecorded": said(
        "这里不作后台记录，这一行不起作用", "Nothing is recorded in the background here; the row has no effect"
    ),
    "label-missing": said("没有题目文字", "The question has no label"),
    "translation-missing": said("有的行没有这种语言的文字", "Some rows have no text in this language"),
    "language-code": said("列名里的语言没有写代码", "The language in a heading has no code"),
    "language-unknown": said("默认语言没有对应的列", "No column has the default language"),
    "group-unbalanced": said("分组或重复的开始和结束对不上", "A group or repeat begins or ends alone"),
    "repeat-count": said("分组不会重复，repeat_count 不起作用", "A group is not repeated; repeat_count has no effect"),
    "calculation-missing": said("计算题没有写算式", "A calculate row has no calculation"),
    "appearance-unknown": said(
        "没有这种外观，按普通样子显示", "There is no such appearance; the question looks as usual"
    ),
    "parameters-invalid": said("参数写法有误", "The parameters are not written correctly"),
    "expression-punctuation": said(
        "表达式里有中文标点或全角符号", "The expression holds Chinese or full-width punctuation"
    ),
    "expression-foreign": said(
        "表达式里有 Excel 或编程语言的写法", "The expression holds what Excel or a programming language writes"
    ),
    "expression-syntax": said("表达式写法有误", "The expression is not written correctly"),
    "expression-unsupported": said("表达式用到不支持的写法", "The expression uses something unsupported"),
    "expression-too-deep": said("表达式层次太深", "The expression is nested too deeply"),
    "unknown-function": said("没有这个函数", "There is no such function"),
    "wrong-arguments": said("函数的参数个数不对", "The function takes another number of arguments"),
    "unknown-node": said("表达式引用了不存在的题目", "The expression names a question that does not exist"),
    "node-twice": said(
        "同一个节点有两道题（或两个分组、两个 bind、打开时的两个值）",
        "Two questions, groups, binds or values at the opening stand for the same node",
    ),
    "action-target": said(
        "动作要填的题目不存在，或者是分组", "The action fills in a question that does not exist, or a group"
    ),
    "action-event": said(
        "动作没有写在什么时候执行，或那个时候不会到来", "The action has no event, or one that never happens"
    ),
    "action-unsupported": said("表单里有这里不会做的动作", "The form has an action that is not done here"),
    "action-unasked": said(
        "动作要等一道题的回答改变，却没有写在题目里",
        "The action waits for an answer to change, and stands in no question",
    ),
    "null-unknown": said("表达式里没有 null，按空白处理", "Expressions know no null; it counts as blank"),
    "cycle": said("计算或显示条件互相引用，成了循环", "Calculations or conditions go in a circle"),
    "regex-unsupported": said("正则表达式写法有误", "The regular expression cannot be used"),
    "rule-unknown": said(
        "没有这条共用规则，或参数个数不对", "There is no such shared rule, or it takes other arguments"
    ),
    "list-missing": said("没有这个选项列表", "There is no such choice list"),
    "list-file": said("列表文件名没有以 .csv 结尾", "The name of a list file does not end with .csv"),
    "list-unreadable": said("列表写法有误", "The list is not written correctly"),
    "list-too-large": said("列表过大，手机流量承受不了", "The list is too large for phones on a slow network"),
    "bundle-invalid": said(
        "压缩包（或一次选中的几个文件）里应有且只有一个表单文件",
        "One form file, and only one, must be in the zip or among the files",
    ),
    "picture-missing": said("图片没有一起上传", "The picture was not uploaded with the form"),
    "picture-unfit": said("不是能显示的图片", "This is no picture that can be shown"),
    "picture-too-large": said("图片太大", "The picture is too large"),
    "pictures-too-many": said(
        "图片加起来太大，手机流量承受不了", "All pictures together are too large for phones on a slow network"
    ),
    "picture-unused": said("表单没有用到这个文件", "The form does not use this file"),
    "media-ignored": said("题目里的声音、视频和大图不会显示", "Sound, film and big pictures in labels are not shown"),
    "list-unused": said("选项列表没有用到", "The choice list is not used"),
    "choice-code": said("选项代码不能含空格", "A choice code must not hold blanks"),
    "choice-code-ascii": said(
        "选项代码最好用英文字母和数字", "A choice code is best written in ASCII letters and digits"
    ),
    "choice-duplicate": said("同一列表里选项代码重复", "The list has this code twice"),
    "choice-column": said("筛选条件里的列，选项列表没有", "The choice list has no such column to filter by"),
    "choice-code-unknown": said("选项列表里没有这个代码", "The choice list has no such code"),
    "default-unfit": said("默认值不符合题型", "The default does not fit the type of the question"),
    "target-unknown": said("要比较的项目不存在", "There is no such property to compare the position with"),
    "choice-other": said(
        "有 choice_filter 的题目不能用 or_other", "A question with a choice_filter cannot have or_other"
    ),
    "choice-unnamed": said("选项没有代码或列表名", "A choice has no code, or belongs to no list"),
    "choice-label": said("选项没有文字，将显示代码", "A choice has no label; its code is shown"),
    "entity-invalid": said("entities 表写法有误", "The entities sheet is not written correctly"),
    "entity-scope": said(
        "同一个分组或重复里放不下两份档案，或引用了别处的题目",
        "A group or repeat cannot hold two records, or a record names questions of another",
    ),
    "save-to-invalid": said("save_to 写法有误", "The save_to cell is not written correctly"),
    "subject-missing": said("没有写明这张表填的是哪类档案", "The form does not say what it is about"),
    "dataset-unknown": said("没有这类档案", "There is no such dataset"),
    "property-new": said(
        "档案里还没有这个项目，发布时会新增", "The dataset has no such property yet; publishing adds it"
    ),
    "property-type": said("题型与档案项目的类型不符", "The question does not fit the type of the property"),
    "property-closed": said(
        "手机不能改档案的这个项目，填的不会写进去",
        "Phones do not write this property; what is answered stays out of it",
    ),
    "property-code": said("档案项目没有这个代码", "The property does not know this code"),
    "prefill-unknown": said("预填的项目不存在", "There is no such property to prefill from"),
    "form-warning": said("提示", "Note"),
}
