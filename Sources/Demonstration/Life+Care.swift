import Core

// What workshops do to a car that is driven and looked after.

extension Life {
    /// Owners come at the latest after a year or so, and leave a visit out or go elsewhere now and then.
    private static let longestServiceDays = 335...385
    private static let firstServiceKm = 5000
    /// A visit is only left out when the one before was reported and lately, so that an honest record has no long gap.
    private static let recentDays = 150

    mutating func beServiced() {
        var due = Life.firstServiceKm
        var last = plan.registeredOn
        var lastReported = plan.registeredOn
        var visits = 0
        while true {
            let limit = last.adding(days: random.integer(Life.longestServiceDays))
            let day = mileage.day(reaching: due, after: last, atMost: min(limit, plan.lastDay.adding(days: 1)))
            guard day <= plan.lastDay else { return }
            visits += 1
            let km = mileage.driven(on: day)
            due = km + plan.serviceIntervalKm
            last = day
            guard !plan.isInStock(on: day) else { continue }
            let isRecent = day.daysSinceEpoch - lastReported.daysSinceEpoch < Life.recentDays
            if isRecent, random.chance(percent: 20) { continue }
            lastReported = day
            service(visit: visits, km: km, on: day)
        }
    }

    private mutating func service(visit: Int, km: Int, on day: CalendarDate) {
        let items = ServiceItems.due(visit: visit, plan.car.series.energy)
        let cost = cost(yuan: 180 + items.count * random.integer(90...150))
        let data: [JSON.Member] = [.texts("items", items), .money("cost", yuan: cost)]
        report(.maintained, by: workshop(on: day), on: day, .morning, data)
    }

    // MARK: Wear

    mutating func wearOut() {
        for part in WearingPart.all where part.suits(plan.car.series.energy) {
            var due = part.everyKm * random.integer(80...115) / 100
            var day = plan.registeredOn
            while true {
                day = mileage.day(reaching: due, after: day, atMost: plan.lastDay.adding(days: 1))
                guard day <= plan.lastDay else { break }
                due += part.everyKm * random.integer(85...115) / 100
                guard !plan.isInStock(on: day) else { continue }
                let data: [JSON.Member] = [
                    .text("cause", "wear"), .texts("parts", part.names),
                    .money("cost", yuan: cost(yuan: part.costYuan)), .structural(false),
                ]
                report(.repaired, by: workshop(on: day), on: day, .afternoon, data)
            }
        }
    }

    // MARK: Battery

    private static let testers = ["原厂诊断仪", "BMS 读取仪 V3", "便携式电池检测仪"]

    /// In the first year and every second after it for certain, in the years between mostly.
    mutating func measureBattery() {
        guard plan.car.series.energy.hasTractionBattery else { return }
        for year in 1...20 {
            let day = plan.registeredOn.adding(months: year * 12).adding(days: random.integer(-15...15))
            guard day <= plan.lastDay else { return }
            guard year % 2 == 1 || random.chance(percent: 60), !plan.isInStock(on: day) else { continue }
            measureBattery(by: workshop(on: day), on: day, .afternoon)
        }
    }

    mutating func measureBattery(by reporter: DemonstrationReporter, on day: CalendarDate, _ hours: Hours) {
        let health = batteryHealth(on: day) + random.integer(-20...20)
        let data: [JSON.Member] = [
            .number("soh_basis_points", health),
            .text("method", random.pick(["bms_readout", "bms_readout", "partial_charge", "full_cycle"])),
            .text("tester", random.pick(Life.testers)),
            .number("capacity_wh", plan.car.series.batteryWh * health / 10_000),
            .number("temperature_celsius", random.integer(12...32)),
        ]
        report(.batteryMeasured, by: reporter, on: day, hours, data)
    }

    /// Fades with the years, and by 3 basis points every thousand kilometres.
    private func batteryHealth(on day: CalendarDate) -> Int {
        let byAge = plan.batteryFadePerYear * plan.age(on: day) / 365
        return max(4000, 9980 - byAge - mileage.driven(on: day) * 3 / 1000)
    }
}

/// What a service does at which visit.
private enum ServiceItems {
    static func due(visit: Int, _ energy: Energy) -> [String] {
        let plan = energy.isCombustion ? combustion : electric
        return plan.filter { visit % $0.everyVisits == 0 }.flatMap(\.items)
    }

    private static let combustion: [(everyVisits: Int, items: [String])] = [
        (1, ["更换机油", "更换机油滤清器"]), (2, ["更换空气滤清器", "四轮换位"]), (3, ["更换空调滤清器"]),
        (4, ["更换制动液", "更换火花塞", "清洗节气门"]), (6, ["更换变速箱油", "更换冷却液"]),
    ]
    private static let electric: [(everyVisits: Int, items: [String])] = [
        (1, ["动力电池系统检查", "高压线束检查", "底盘检查"]), (2, ["更换空调滤芯", "四轮换位"]),
        (3, ["更换制动液"]), (4, ["更换减速器油", "更换电池冷却液"]),
    ]
}

/// What wears out by the kilometre.
private struct WearingPart {
    let names: [String]
    let everyKm: Int
    let costYuan: Int
    /// Electric cars brake with the motor, and have no exhaust.
    var isForCombustionOnly = false

    func suits(_ energy: Energy) -> Bool { energy.isCombustion || !isForCombustionOnly }

    static let all = [
        WearingPart(names: ["前制动片"], everyKm: 55_000, costYuan: 520, isForCombustionOnly: true),
        WearingPart(names: ["轮胎四条"], everyKm: 65_000, costYuan: 2400),
        WearingPart(names: ["低压蓄电池"], everyKm: 75_000, costYuan: 560),
        WearingPart(names: ["前减振器", "减振器顶胶"], everyKm: 130_000, costYuan: 1900),
        WearingPart(names: ["三元催化器前氧传感器"], everyKm: 170_000, costYuan: 780, isForCombustionOnly: true),
    ]
}
