import Core
import History
import Listings
import Web

/// Codes of the API, as people say them.
enum Words {
    static func status(_ status: ListingStatus, _ language: Language) -> String {
        switch status {
        case .draft: language.say("草稿", "Draft")
        case .published: language.say("在售", "Published")
        case .reserved: language.say("已预订", "Reserved")
        case .sold: language.say("已售", "Sold")
        case .withdrawn: language.say("已下架", "Withdrawn")
        }
    }

    /// What a band means, with its threshold: a colour alone says nothing to those who do not see it.
    static func band(
        _ band: StockBand,
        _ language: Language,
        _ lines: StockAlertDays = .usual
    ) -> String {
        let (slow, overdue) = (lines.slowFromDays, lines.overdueFromDays)
        return switch band {
        case .fresh: language.say("正常（不满 \(slow) 天）", "Fresh (under \(slow) days)")
        case .slow: language.say("偏久（\(slow) 天起）", "Slow (from \(slow) days)")
        case .overdue: language.say("超期（\(overdue) 天起）", "Overdue (from \(overdue) days)")
        }
    }

    static func shortBand(_ band: StockBand, _ language: Language) -> String {
        switch band {
        case .fresh: language.say("正常", "Fresh")
        case .slow: language.say("偏久", "Slow")
        case .overdue: language.say("超期", "Overdue")
        }
    }

    /// What a `User-Agent` comes down to for somebody who wants to know whether it was he.
    static func device(_ userAgent: String, _ language: Language) -> String {
        let browsers = [
            ("MicroMessenger/", language.say("微信", "WeChat")), ("Edg/", "Edge"), ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"), ("Safari/", "Safari"),
        ]
        let systems = [
            ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"),
            ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
        ]
        let known = [browsers, systems].compactMap { names in names.first { userAgent.contains($0.0) }?.1 }
        guard known.isEmpty else { return known.joined(separator: " · ") }
        return userAgent.isEmpty ? language.say("未知设备", "Unknown device") : String(userAgent.prefix(40))
    }

    static func role(_ role: String, _ language: Language) -> String {
        switch role {
        case "admin": language.say("平台管理员", "Administrator")
        case "dealer": language.say("车商", "Dealer")
        case "workshop": language.say("维修企业", "Workshop")
        case "insurer": language.say("保险公司", "Insurer")
        case "authority": language.say("主管部门", "Authority")
        case "claims_junior": language.say("理赔专员", "Claims, junior")
        case "claims_senior": language.say("高级理赔", "Claims, senior")
        case "claims_manager": language.say("理赔经理", "Claims manager")
        case "finance": language.say("财务", "Finance")
        case "auditor": language.say("审计", "Auditor")
        case "buyer": language.say("买家", "Buyer")
        default: role
        }
    }

    static func answer(_ answer: String?, _ language: Language) -> String {
        switch answer {
        case "yes": language.say("是", "Yes")
        case "no": language.say("否", "No")
        case "not_known": language.say("不清楚", "Not known")
        default: language.say("未回答", "Not answered")
        }
    }

    static func importState(_ state: String, _ language: Language) -> String {
        switch state {
        case "queued": language.say("排队中", "Waiting")
        case "validating": language.say("检查中", "Being checked")
        case "applying": language.say("写入中", "Being written")
        case "completed": language.say("已完成", "Completed")
        case "failed": language.say("未写入", "Failed")
        case "cancelled": language.say("已取消", "Cancelled")
        default: state
        }
    }

    static func importMode(_ mode: String, _ language: Language) -> String {
        switch mode {
        case "validate": language.say("只检查", "Check only")
        case "all_or_nothing": language.say("全部合格才写入", "All or nothing")
        case "skip_bad": language.say("跳过有问题的行", "Skip the bad rows")
        default: mode
        }
    }

    static func scope(_ scope: String, _ language: Language) -> String {
        switch scope {
        case "audit:read": language.say("查看审计记录", "Read the audit trail")
        case "watches:write": language.say("关注车辆与接收通知", "Watch cars and be notified")
        case "events:write": language.say("上报车辆事件", "Report events")
        case "keys:write": language.say("管理密钥", "Manage keys")
        case "warranties:write": language.say("报价和签订质保", "Quote and sell warranties")
        case "listings:write": language.say("管理车源和导入", "Manage listings and imports")
        case "organization:read": language.say("查看本机构资料和库存", "Read the organisation and its stock")
        case "organization:write": language.say("修改本机构资料", "Change the organisation")
        case "people:manage": language.say("管理人员", "Manage people")
        default: scope
        }
    }

    // MARK: Figures

    static func price(_ money: Money) -> String {
        let text = PlainNumbers.yuan(money)
        return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
    }

    /// A time of the API, by the clocks of China: `2026-03-01 16:00`.
    static func time(_ text: String) -> String {
        guard let instant = Instant(rfc3339: text) else { return text }
        let local = instant.adding(seconds: Instant.chinaOffsetSeconds).rfc3339
        return String(local.prefix(16)).replacing("T", with: " ")
    }

    static func date(_ text: String) -> String { String(time(text).prefix(10)) }

    static func bytes(_ count: Int64) -> String {
        count < 10 << 10
            ? "\(PlainNumbers.grouped(count)) B"
            : count < 10 << 20 ? "\(count >> 10) KiB" : "\(count >> 20) MiB"
    }
}

extension HTMLWriter {
    /// Names and what they stand for.
    mutating func facts(_ facts: [(name: String, value: String)], isWide: Bool = false) {
        element("dl", ["class": isWide ? "facts wide" : "facts"]) { page in
            for fact in facts {
                page.element("div") { page in
                    page.element("dt", fact.name)
                    page.element("dd", fact.value)
                }
            }
        }
    }
}
