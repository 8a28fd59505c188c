import Core
import Warranty

// What is right for each line: checks 8 and 9.
extension Adjudicator {
    func parts(_ work: inout AdjudicationWork) throws {
        var changed: [String] = []
        var referral: ReasonCode?
        for index in work.lines.indices where work.lines[index].line.kind == .part {
            let line = work.lines[index].line
            guard work.lines[index].adjusted > .zero else { continue }
            guard let part = guide.parts[line.component] else {
                work.lines[index].reasons.append(.partUnknown)
                referral = .partUnknown
                continue
            }
            if let grade = line.grade, !part.grades.contains(grade) {
                work.lines[index].reasons.append(.partGrade)
                referral = .partGrade
            }
            if try price(index, part, &work) { changed.append(line.id) }
        }
        finish(.parts, changed, referral, &work)
    }

    /// - Returns: whether it costs less now.
    private func price(_ index: Int, _ part: RepairGuide.Part, _ work: inout AdjudicationWork) throws -> Bool {
        let line = work.lines[index].line
        let before = work.lines[index].adjusted
        let quantity = min(line.quantityMilli, quantityMaximum(of: line.component, work.claim.lines) ?? .max)
        if quantity < line.quantityMilli {
            work.cut(index, to: try AdjudicationWork.price(line.unitPrice, quantity), .partQuantity)
        }
        let rate = BasisPoints(BasisPoints.whole.value + guide.priceTolerance.value)
        let maximum = try part.price.multiplied(by: rate, rounding: .down)
        if line.unitPrice > maximum {
            work.cut(index, to: try AdjudicationWork.price(maximum, quantity), .partPrice)
        }
        return work.lines[index].adjusted < before
    }

    /// `nil` where no operation of the claim says how many it takes.
    private func quantityMaximum(of component: String, _ lines: [ClaimLine]) -> Int64? {
        let operations = Set(lines.compactMap(\.operation))
        let quantities = operations.compactMap { guide.operations[$0]?.quantities[component] }
        return quantities.isEmpty ? nil : quantities.reduce(0, +)
    }

    func labour(_ work: inout AdjudicationWork) throws {
        var changed: [String] = []
        var referral: ReasonCode?
        let allowed = LabourTimes(guide, work.lines.map(\.line))
        for index in work.lines.indices where work.lines[index].line.kind.isWork {
            let line = work.lines[index].line
            let before = work.lines[index].adjusted
            guard before > .zero else { continue }
            let rate = min(line.unitPrice, guide.hourlyRateMaximum)
            if rate < line.unitPrice {
                work.cut(index, to: try AdjudicationWork.price(rate, line.quantityMilli), .labourRate)
            }
            if let time = allowed.times[index] {
                let hours = min(line.quantityMilli, time.guide)
                if hours < line.quantityMilli {
                    work.cut(index, to: try AdjudicationWork.price(rate, hours), .labourHours)
                }
                let alone = min(hours, time.alone)
                if alone < hours { work.cut(index, to: try AdjudicationWork.price(rate, alone), .labourOverlap) }
            } else {
                work.lines[index].reasons.append(.operationUnknown)
                referral = .operationUnknown
            }
            if work.lines[index].adjusted < before { changed.append(line.id) }
        }
        finish(.labour, changed, referral, &work)
    }

    private func finish(
        _ check: ClaimCheck,
        _ changed: [String],
        _ referral: ReasonCode?,
        _ work: inout AdjudicationWork
    ) {
        let code = changed.first.flatMap { id in work.lines.first { $0.line.id == id }?.reasons.last }
        if let referral {
            work.note(check, .referred, referral, lines: changed)
        } else {
            work.note(check, changed.isEmpty ? .passed : .adjusted, changed.isEmpty ? nil : code, lines: changed)
        }
    }
}

/// How long each piece of work may take beside the others of the same visit.
private struct LabourTimes {
    struct Time {
        let guide: Int64
        /// Without what another operation includes.
        let alone: Int64
    }

    /// By place in the claim; work that the guide does not know is not here.
    private(set) var times: [Int: Time] = [:]

    init(_ guide: RepairGuide, _ lines: [ClaimLine]) {
        var operations: [(index: Int, operation: RepairGuide.Operation)] = []
        for (index, line) in lines.enumerated() where line.kind.isWork && line.role != .unrelated {
            if let operation = line.operation.flatMap({ guide.operations[$0] }) {
                operations.append((index, operation))
            }
        }
        for (place, (index, operation)) in operations.enumerated() {
            let alone = LabourTimes.alone(place, operation, operations.map(\.operation))
            times[index] = Time(guide: operation.hoursMilli, alone: alone)
        }
    }

    private static func alone(
        _ place: Int,
        _ operation: RepairGuide.Operation,
        _ all: [RepairGuide.Operation]
    ) -> Int64 {
        // The same work twice is done once; of two that include each other the first counts.
        let isDouble = all[..<place].contains { $0.code == operation.code }
        let isIncluded = all.enumerated().contains { other, candidate in
            guard other != place, candidate.includes.contains(operation.code) else { return false }
            return other < place || !operation.includes.contains(candidate.code)
        }
        if isDouble || isIncluded { return 0 }
        guard let access = operation.access else { return operation.hoursMilli }
        let isOpenAlready = all.enumerated().contains { other, candidate in
            guard other != place, candidate.access == access else { return false }
            return (candidate.accessMilli, -other) > (operation.accessMilli, -place)
        }
        return operation.hoursMilli - (isOpenAlready ? operation.accessMilli : 0)
    }
}
