package import Core

extension ProblemType {
    package static let logHalted = ProblemType(
        "log_halted",
        .unavailable,
        zh: "透明日志已停止签名，等待运维处理，暂不接收新记录",
        en: "The transparency log has stopped signing until an operator looks at it; it takes no entries"
    )
    package static let logNotStarted = ProblemType(
        "log_not_started",
        .unavailable,
        zh: "透明日志尚未签发检查点",
        en: "The transparency log has not signed a checkpoint yet"
    )
    package static let tileUnknown = ProblemType(
        "tile_unknown",
        .notFound,
        zh: "日志没有这个分块",
        en: "The log has no such tile"
    )
    package static let leafUnknown = ProblemType(
        "leaf_unknown",
        .notFound,
        zh: "日志中没有这条记录",
        en: "The log has no such entry"
    )
    package static let entryNotIntegrated = ProblemType(
        "entry_not_integrated",
        .conflict,
        zh: "这条记录已入链，尚未并入日志树，请稍后再试",
        en: "The entry is chained and not yet in the tree; try again shortly"
    )

    /// Everything that this slice refuses with.
    package static let transparencyLog: [ProblemType] = [
        logHalted, logNotStarted, tileUnknown, leafUnknown, entryNotIntegrated,
    ]
}
