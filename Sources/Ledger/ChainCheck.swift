package import Core

/// One question that is asked of every entry of a chain. The order is that of a report.
package enum ChainCheck: String, Sendable, Hashable, CaseIterable {
    case encoding
    case vehicle
    case log
    case sequence
    case link
    case hash
    case time
    case payload
    case signature
    case reference
    case correction
    case erasure

    /// What is said where every entry passes.
    package var passed: LocalizedText {
        switch self {
        case .encoding:
            LocalizedText(zh: "每条记录都是第 1 版的规范格式", en: "Every entry is in the canonical form of version 1")
        case .vehicle:
            LocalizedText(zh: "所有记录都属于这辆车", en: "All entries are about this vehicle")
        case .log:
            LocalizedText(zh: "所有记录都属于这个账本", en: "All entries belong to this log")
        case .sequence:
            LocalizedText(zh: "记录编号从 0 起连续，没有缺号", en: "The entries are numbered from 0 without a gap")
        case .link:
            LocalizedText(zh: "每条记录都接在前一条之后", en: "Every entry holds the hash of the one before it")
        case .hash:
            LocalizedText(zh: "保存的哈希与记录内容一致", en: "The hashes that were kept are those of the entries")
        case .time:
            LocalizedText(zh: "入账时间从不倒退", en: "The times of recording never go back")
        case .payload:
            LocalizedText(zh: "现存内容与记录中的摘要一致", en: "Every payload that is there matches its entry")
        case .signature:
            LocalizedText(zh: "现存内容上的来源签名全部有效", en: "Every source's signature on a payload that is there is valid")
        case .reference:
            LocalizedText(zh: "同一来源的业务编号没有重复", en: "No source used the same reference twice")
        case .correction:
            LocalizedText(zh: "更正与撤回都指向更早的记录", en: "Corrections and retractions point at earlier entries")
        case .erasure:
            LocalizedText(zh: "缺少的内容都有删除记录可查", en: "Every payload that is missing was erased on record")
        }
    }

    /// What is said of the first entry that does not pass.
    package var failed: LocalizedText {
        switch self {
        case .encoding:
            LocalizedText(zh: "不是第 1 版的规范格式", en: "It is not in the canonical form of version 1")
        case .vehicle:
            LocalizedText(zh: "属于另一辆车", en: "It is about another vehicle")
        case .log:
            LocalizedText(zh: "属于另一个账本", en: "It belongs to another log")
        case .sequence:
            LocalizedText(
                zh: "编号与位置不符，记录有缺失、重复或调换",
                en: "Its number is not its place: entries are missing, repeated or swapped"
            )
        case .link:
            LocalizedText(zh: "没有接在前一条记录之后", en: "It does not hold the hash of the entry before it")
        case .hash:
            LocalizedText(zh: "内容与保存的哈希不符", en: "Its content is not that of the hash that was kept")
        case .time:
            LocalizedText(zh: "入账时间早于前一条记录", en: "It was recorded before the entry that precedes it")
        case .payload:
            LocalizedText(zh: "内容与记录中的摘要不符", en: "Its payload does not match the digest in the entry")
        case .signature:
            LocalizedText(
                zh: "来源签名无效，或没有该来源的这把公钥",
                en: "The source's signature is not valid, or the source has no such key"
            )
        case .reference:
            LocalizedText(zh: "与更早的记录使用了同一来源的同一业务编号", en: "Its source used the same reference in an earlier entry")
        case .correction:
            LocalizedText(
                zh: "更正或撤回没有指向本车更早的记录，或其他类型的记录带有更正指向",
                en: "It does not name an earlier entry to correct or retract, or names one without being a correction"
            )
        case .erasure:
            LocalizedText(
                zh: "内容缺失而没有删除记录，或删除记录没有指明更早的记录",
                en: "Its payload is missing and not erased on record, or it records an erasure of no earlier entry"
            )
        }
    }
}
