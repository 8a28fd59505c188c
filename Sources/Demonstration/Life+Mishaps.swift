import Core

/// A part of the body, and what is replaced when it is hit.
enum Area: String, CaseIterable {
    case front
    case rear
    case left
    case right

    var parts: [String] {
        switch self {
        case .front: ["前保险杠", "前格栅"]
        case .rear: ["后保险杠", "右后尾灯"]
        case .left: ["左前翼子板", "左前车门"]
        case .right: ["右后车门", "右外后视镜"]
        }
    }

    /// What a harder hit takes as well.
    var partsBehind: [String] {
        switch self {
        case .front: ["发动机盖", "水箱", "冷凝器"]
        case .rear: ["行李箱盖", "后防撞梁"]
        case .left: ["左后车门", "左侧裙板"]
        case .right: ["右前车门", "右侧裙板"]
        }
    }

    var words: String {
        switch self {
        case .front: "追尾前车，前部受损"
        case .rear: "停车等候时被后车追尾"
        case .left: "变更车道时发生剐蹭，左侧受损"
        case .right: "转弯时与立柱剐蹭，右侧受损"
        }
    }
}

// What happens to nearly every car sooner or later, and leaves nothing behind.

extension Life {
    mutating func haveMishaps() {
        let percent = plan.use.isCommercial ? 75 : 32
        for year in 0...max(0, plan.age(on: plan.lastDay) / 365) where random.chance(percent: percent) {
            let day = plan.registeredOn.adding(days: year * 365 + random.integer(30...360))
            guard day < plan.lastDay, isOnTheRoad(on: day) else { continue }
            if random.chance(percent: 15) { breakGlass(on: day) } else { scrape(on: day) }
        }
    }

    /// A car that stands in a yard or a workshop has no accidents.
    private func isOnTheRoad(on day: CalendarDate) -> Bool {
        !plan.isInStock(on: day) && mileage.driven(on: day) > mileage.driven(on: day.adding(days: -7))
    }

    private mutating func breakGlass(on day: CalendarDate) {
        let loss = cost(yuan: random.integer(700...1600))
        claim("glass", yuan: loss, on: day, [.structural(false), .description("行驶中被飞石击中，前风挡玻璃破裂")])
        repair(["前风挡玻璃"], cause: "accident", yuan: loss, on: day.adding(days: random.integer(1...4)))
    }

    private mutating func scrape(on day: CalendarDate) {
        let area = random.pick(Area.allCases)
        // One in twelve is more than paint, though nothing that bears.
        let isModerate = random.chance(percent: 8)
        let loss = cost(yuan: isModerate ? random.integer(7000...13_000) : random.integer(600...4200))
        let areas = JSON.Member.texts("areas", [area.rawValue])
        if isModerate || random.chance(percent: 25) {
            let data: [JSON.Member] = [
                .text("severity", isModerate ? "moderate" : "minor"), .text("airbags_deployed", "no"),
                .structural(false), areas,
            ]
            report(.accident, by: plan.registrationCentre(on: day), on: day, .morning, isRead: false, data)
        }
        claim("collision", yuan: loss, on: day, [.structural(false), areas, .description(area.words)])
        let parts = isModerate ? area.parts + area.partsBehind : area.parts
        repair(parts, cause: "accident", yuan: loss, on: day.adding(days: random.integer(2...7)), [areas])
    }

    @discardableResult
    mutating func claim(_ peril: String, yuan loss: Int, on day: CalendarDate, _ more: [JSON.Member]) -> Int? {
        let data: [JSON.Member] = [
            .text("peril", peril), .money("loss_amount", yuan: loss), .money("paid_amount", yuan: loss),
        ]
        return report(.claimed, by: plan.insurer(on: day), on: day, .afternoon, data + more)
    }

    mutating func repair(
        _ parts: [String],
        cause: String,
        yuan: Int,
        on day: CalendarDate,
        isStructural: Bool = false,
        _ more: [JSON.Member] = []
    ) {
        let data: [JSON.Member] = [
            .text("cause", cause), .texts("parts", parts), .money("cost", yuan: yuan), .structural(isStructural),
        ]
        report(.repaired, by: workshop(on: day), on: day, .afternoon, data + more)
    }
}

// MARK: - Recalls

/// A recall that was never announced: two a year, with numbers that say so.
struct Recall {
    let campaign: String
    let announcedOn: CalendarDate
    let component: String
    let hazard: String
    let remedy: String

    private enum Concern {
        case everyCar
        case combustion
        case tractionBattery
    }

    private let concern: Concern

    func concerns(_ energy: Energy) -> Bool {
        switch concern {
        case .everyCar: true
        case .combustion: energy.isCombustion
        case .tractionBattery: energy.hasTractionBattery
        }
    }

    static func announced(from first: CalendarDate, through last: CalendarDate) -> [Recall] {
        (first.year...max(first.year, last.year)).flatMap { year in
            [Recall(year, 1, month: 3, day: 18), Recall(year, 2, month: 9, day: 12)]
        }
        .compactMap { $0 }
        .filter { first <= $0.announcedOn && $0.announcedOn <= last }
    }

    private init?(_ year: Int, _ number: Int, month: Int, day: Int) {
        guard let day = CalendarDate(year: year, month: month, day: day) else { return nil }
        let text = Recall.texts[(year * 2 + number) % Recall.texts.count]
        campaign = "演示召回\(year)-\(number)"
        announcedOn = day
        (concern, component, hazard, remedy) = text
    }

    private static let texts: [(Concern, component: String, hazard: String, remedy: String)] = [
        (.everyCar, "副驾驶侧安全气囊气体发生器", "气囊展开时气体发生器可能破损，碎片可能伤及乘员", "免费更换气体发生器"),
        (.combustion, "高压燃油泵", "燃油泵可能渗漏，存在起火隐患", "免费更换高压燃油泵"),
        (.everyCar, "制动真空助力泵", "制动助力可能减弱，制动距离变长", "免费更换真空助力泵"),
        (.tractionBattery, "动力电池管理系统软件", "充电时电池可能过热", "免费升级电池管理系统软件"),
        (.everyCar, "前下摆臂球头", "球头可能松脱，车辆可能失去方向控制", "免费更换前下摆臂"),
        (.everyCar, "转向助力电机控制器", "行驶中转向助力可能突然消失", "免费更换转向助力电机控制器"),
    ]
}

extension Life {
    mutating func beRecalled() {
        let recalls = Recall.announced(
            from: plan.registeredOn.adding(days: 30),
            through: plan.lastDay.adding(days: -25)
        )
        .filter { $0.concerns(plan.car.series.energy) }
        for recall in recalls where plan.remediesRecalls && random.chance(percent: 12) {
            let done = recall.announcedOn.adding(days: random.integer(20...160))
            guard plan.isTold(recall.announcedOn), plan.isTold(done), !plan.isInStock(on: done) else { continue }
            announce(recall)
            report(.recallDone, by: workshop(on: done), on: done, .afternoon, [.text("campaign", recall.campaign)])
        }
        if !plan.remediesRecalls, let recall = recalls.last { announce(recall) }
    }

    private mutating func announce(_ recall: Recall) {
        let data: [JSON.Member] = [
            .text("campaign", recall.campaign), .text("component", recall.component), .text("hazard", recall.hazard),
            .text("remedy", recall.remedy),
        ]
        report(.recallAnnounced, by: .recallCentre, on: recall.announcedOn, .morning, isRead: false, data)
    }
}
