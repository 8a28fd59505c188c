import Core

/// The three verdicts on the odometer. They are computed from readings, so a `no` says that the recorded readings agree
/// and promises nothing beyond them.
struct OdometerFindings {
    private let series: OdometerSeries
    private let inspections: InspectionAnswers

    init(_ timeline: Timeline, _ series: OdometerSeries) {
        self.series = series
        inspections = InspectionAnswers(timeline, head: "odometer_altered")
    }

    var all: [Finding] { [rollback, rollover, inconsistency] }

    // MARK: Rollback

    private var rollback: Finding {
        let drops = series.drops.filter { $0.rolloverModulusKm == nil }
        if let largest = drops.max(by: { $0.missingKm < $1.missingKm }) {
            return turnedBack(drops, largest)
        }
        if let inspection = inspections.yes.first {
            return Finding(
                .odometerRollback,
                .yes,
                zh: "\(inspection.date)的平台检测认定里程表被改动过，仪表上的里程不可信。",
                en: "The platform inspection on \(inspection.date) found that the odometer was altered; "
                    + "the mileage it shows cannot be trusted.",
                evidence: inspections.yes.map { Evidence($0, .proves) }
            )
        }
        guard series.drops.isEmpty else {
            return withoutDrop(
                .odometerRollback,
                zh: "只在里程表看来跑满归零时变小过，没有其他变小",
                en: "they only fall where the counter seems to have passed its last digit, and nowhere else"
            )
        }
        return withoutDrop(
            .odometerRollback,
            zh: "没有变小，看不出里程表被调低",
            en: "none is lower than one before it, so they show no sign that the odometer was turned back"
        )
    }

    private func turnedBack(_ drops: [OdometerDrop], _ largest: OdometerDrop) -> Finding {
        let low = largest.lower[0]
        let missing = PlainNumbers.grouped(drops.reduce(0) { $0 + $1.missingKm })
        let (peakKm, lowKm) = (PlainNumbers.grouped(largest.peak.km), PlainNumbers.grouped(low.km))
        var zh = "里程表读数变小了：\(largest.peak.date)是 \(peakKm) 公里，\(low.date)却只有 \(lowKm) 公里"
        var en = "The odometer went down: \(peakKm) km on \(largest.peak.date), but \(lowKm) km on \(low.date)"
        if drops.count > 1 {
            zh += "；这样的情况有 \(drops.count) 次，合计至少少了 \(missing) 公里"
            en += "; this happened \(drops.count) times, and at least \(missing) km are missing in all"
        } else {
            zh += "，至少少了 \(missing) 公里"
            en += "; at least \(missing) km are missing"
        }
        if drops.count == 1, largest.lower.count == 1 {
            zh += "；变小后只有这一次读数，也可能是录入错误，请核对"
            en += "; it is the only low reading, so it may also be a typing error: have it checked"
        }
        if let inspection = inspections.yes.first {
            zh += "；\(inspection.date)的平台检测也认定里程表被改动过"
            en += "; the platform inspection on \(inspection.date) also found the odometer altered"
        }
        return Finding(
            .odometerRollback,
            .yes,
            zh: zh + "。",
            en: en + ".",
            evidence: evidence(of: drops) + inspections.yes.map { Evidence($0, .proves) }
        )
    }

    // MARK: Rollover

    private var rollover: Finding {
        let drops = series.drops.filter { $0.rolloverModulusKm != nil }
        guard let drop = drops.first, let modulus = drop.rolloverModulusKm else {
            return withoutDrop(
                .odometerRollover,
                zh: "没有跑满后从零重新计数的迹象",
                en: "they show no sign of a counter that went past its last digit"
            )
        }
        let (peakKm, lowKm) = (PlainNumbers.grouped(drop.peak.km), PlainNumbers.grouped(drop.lower[0].km))
        let limit = PlainNumbers.grouped(modulus)
        return Finding(
            .odometerRollover,
            .yes,
            zh: "里程表看来跑满了 \(limit) 公里又从零开始：\(drop.peak.date)是 \(peakKm) 公里，"
                + "\(drop.lower[0].date)是 \(lowKm) 公里；真实里程要加上 \(limit) 公里，也请核对是不是被调低的。",
            en: "The counter seems to have passed \(limit) km and begun again at zero: \(peakKm) km on "
                + "\(drop.peak.date), \(lowKm) km on \(drop.lower[0].date); add \(limit) km for the true mileage, "
                + "and have it checked that nobody turned it back.",
            evidence: evidence(of: drops)
        )
    }

    // MARK: Inconsistency

    private var inconsistency: Finding {
        let (errors, jumps) = (series.typingErrors, series.jumps)
        guard !errors.isEmpty || !jumps.isEmpty else {
            return withoutDrop(.odometerInconsistency, zh: "没有像是录错的", en: "none looks like a typing error")
        }
        var zh: [String] = []
        var en: [String] = []
        if !errors.isEmpty {
            let named = errors.prefix(PlatformRules.mentionsMaximum)
            zh.append(
                "有 \(errors.count) 个里程读数与前后的记录矛盾，多半是录入错误："
                    + named.map { "\($0.date)的 \(PlainNumbers.grouped($0.km)) 公里" }.joined(separator: "、")
                    + (errors.count > named.count ? "等" : "")
            )
            en.append(
                "Odometer readings that do not fit those before and after, most likely typing errors: "
                    + named.map { "\(PlainNumbers.grouped($0.km)) km on \($0.date)" }.joined(separator: ", ")
                    + (errors.count > named.count ? " and more" : "")
            )
        }
        if let jump = jumps.first {
            let (from, to) = (PlainNumbers.grouped(jump.before.km), PlainNumbers.grouped(jump.after.km))
            zh.append("\(jump.before.date)的 \(from) 公里到\(jump.after.date)的 \(to) 公里，这么短的时间跑不了这么远")
            en.append(
                "From \(from) km on \(jump.before.date) to \(to) km on \(jump.after.date) is further than a car can "
                    + "go in the time"
            )
        }
        return Finding(
            .odometerInconsistency,
            .yes,
            zh: zh.joined(separator: "；") + "。",
            en: en.joined(separator: ". ") + ".",
            evidence: errors.map { Evidence($0, .contradicted) }
                + jumps.flatMap { [Evidence($0.before, .before), Evidence($0.after, .tooFast)] }
        )
    }

    // MARK: Shared

    /// `no` where there was something to compare, and not known where there was not.
    private func withoutDrop(_ code: FindingCode, zh: String, en: String) -> Finding {
        let readings = series.comparable.sorted(by: OdometerReading.inOrder)
        guard let first = readings.first, let last = readings.last else {
            return Finding(
                code,
                .notKnown,
                zh: "没有两次可以比较的里程读数，无法判断是否存在“\(code.label.zh)”的情况。",
                en: "There are no two odometer readings to compare, so nobody can tell about this: \(code.label.en)."
            )
        }
        return Finding(
            code,
            .no,
            zh: "有记录的 \(readings.count) 次里程读数（\(first.date)至\(last.date)）\(zh)；没有读数的时段无法判断。"
                + replaced.zh,
            en: "The \(readings.count) recorded odometer readings (\(first.date) to \(last.date)): \(en); "
                + "what happened between readings is not known." + replaced.en,
            evidence: [Evidence(first, .related), Evidence(last, .related)]
        )
    }

    private var replaced: LocalizedText {
        guard let day = series.replacements.last?.occurredAt.dateInChina else { return LocalizedText(zh: "", en: "") }
        return LocalizedText(
            zh: "\(day)换过里程表，换表前后的读数不能直接比较，总里程要把两块表加起来看。",
            en: " The odometer was replaced on \(day): readings before and after it cannot be compared, and the total "
                + "mileage needs both."
        )
    }

    private func evidence(of drops: [OdometerDrop]) -> [Evidence] {
        drops.flatMap { drop in
            [Evidence(drop.peak, .peak)] + drop.lower.map { Evidence($0, .lower) }
        }
    }
}
