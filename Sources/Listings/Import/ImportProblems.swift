package import Core

extension ProblemType {
    package static let tooManyImports = ProblemType(
        "too_many_imports",
        .conflict,
        zh: "未完成的导入已达上限，请等待或取消其中的",
        en: "There are as many unfinished imports as are allowed; wait, or cancel one"
    )
    package static let importFinished = ProblemType(
        "import_finished",
        .conflict,
        zh: "导入已结束",
        en: "The import is over"
    )
    package static let importFileDeleted = ProblemType(
        "import_file_deleted",
        .notFound,
        zh: "原文件已按期删除，逐行结果仍可查看",
        en: "The file was deleted when its time was over; the results of its rows are kept"
    )
    package static let importMappingExists = ProblemType(
        "import_mapping_exists",
        .conflict,
        zh: "已有同名的列对应方案",
        en: "There is a mapping of this name already"
    )
    package static let tooManyImportMappings = ProblemType(
        "too_many_import_mappings",
        .conflict,
        zh: "列对应方案已达上限，请先删除不用的",
        en: "There are as many mappings as are allowed; delete one first"
    )

    /// What imports may answer with, besides what `Tabular` finds in a file.
    package static let imports: [ProblemType] = [
        .tooManyImports, .importFinished, .importFileDeleted, .importMappingExists, .tooManyImportMappings,
    ]
}
