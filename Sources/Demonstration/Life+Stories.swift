import Core

// What the label promises and no other part of the life tells.

extension Life {
    mutating func tellLabel() {
        switch plan.label {
        case .odometerReplaced: replaceOdometer()
        case .odometerTypo: _ = mistypeReading()
        case .odometerRollover: readBeforeRollover()
        case .corrected: correctReading()
        case .retracted: retractClaim()
        case .flood: beFlooded()
        case .hiddenStructuralAccident: bendFrame()
        case .totalLossRebuilt: beWrittenOff()
        case .unregisteredModification: modify()
        case .stolen: beStolen()
        case .stolenRecovered: beRecovered()
        case .undisclosedRideHailing: crashWithPassengers()
        case .lateAccident: hideAccident()
        case .warrantyClaimed: claimWarranty()
        case .scrapped: end(.scrapped, [.text("reason", "age")])
        case .exported: end(.exported, [.text("destination_country", random.pick(["KZ", "UZ", "AE", "RU"]))])
        case .clean, .cleanElectric, .declaredCommercial, .odometerRollback, .batteryWorn, .openRecall, .liveMortgage,
            .nearScrapTaxi, .longGap, .saleReturned:
            // The plan alone makes them what they are.
            break
        }
    }

    // MARK: Odometer

    private mutating func replaceOdometer() {
        let day = plan.turningPoint
        let before = mileage.shown(on: day.adding(days: -1))
        clear(day)
        let data: [JSON.Member] = [
            .text("cause", "defect"), .texts("parts", ["组合仪表总成"]), .flag("odometer_replaced", true),
            .money("cost", yuan: cost(yuan: 2600)), .structural(false),
            .description("组合仪表黑屏，更换新件；旧表读数 \(before) 公里，新表从 0 公里起计"),
        ]
        report(.repaired, by: workshop(on: day), on: day, .morning, data)
    }

    /// The last digit is missing in the middle one of the services.
    private mutating func mistypeReading() -> Int {
        let services = drafts.indices.filter { drafts[$0].kind == .maintained }
        let index = services[services.count / 2]
        misread(index, as: mileage.shown(on: drafts[index].day) / 10)
        return index
    }

    private mutating func correctReading() {
        let index = mistypeReading()
        let draft = drafts[index]
        let right = draft.data.map { $0.name == "odometer_km" ? .reading(mileage.shown(on: draft.day)) : $0 }
        let data: [JSON.Member] = [
            .text("reason", "里程录入时漏按了最后一位数字，按工单原件更正"), JSON.Member("data", .object(right)),
        ]
        let day = min(draft.day.adding(days: random.integer(15...50)), plan.lastDay)
        reportLater(.corrected, by: draft.reporter, on: day, about: index, data)
    }

    /// Shortly before the dial is full, so that the small number after it can be understood.
    private mutating func readBeforeRollover() {
        guard let dialKm = plan.dialKm else { return }
        let day = mileage.day(reaching: dialKm - 1200, after: plan.registeredOn, atMost: plan.lastDay)
        report(.odometerRead, by: workshop(on: day), on: day, .morning, [.text("method", "dashboard")])
    }

    // MARK: Claims

    private mutating func retractClaim() {
        let day = plan.registeredOn.adding(days: plan.age(on: plan.asOf) * random.integer(30...50) / 100)
        let loss = plan.car.guidePriceYuan * random.integer(28...38) / 100
        let more: [JSON.Member] = [
            .structural(true), .texts("areas", ["front"]), .description("前部严重受损，左前纵梁变形"),
        ]
        let index = claim("collision", yuan: loss, on: day, more)
        let data = [JSON.Member.text("reason", "车架号录入错误，该案属于另一辆车")]
        let retractedOn = day.adding(days: random.integer(10...40))
        reportLater(.retracted, by: plan.insurer(on: day), on: retractedOn, about: index, data)
    }

    private mutating func crashWithPassengers() {
        let days = plan.age(on: plan.turningPoint) * random.integer(30...70) / 100
        let day = plan.registeredOn.adding(days: days)
        let loss = cost(yuan: random.integer(2500...6000))
        let areas = JSON.Member.texts("areas", [Area.rear.rawValue])
        claim(
            "collision",
            yuan: loss,
            on: day,
            [.structural(false), areas, .description("网约车载客途中被后车追尾，按营运车辆保单理赔")]
        )
        repair(Area.rear.parts, cause: "accident", yuan: loss, on: day.adding(days: 4), [areas])
    }

    // MARK: Damage

    private mutating func beFlooded() {
        let day = plan.turningPoint
        let loss = plan.car.guidePriceYuan * random.integer(25...40) / 100
        let data: [JSON.Member] = [
            .text("water_level", random.pick(["seat", "seat", "dashboard"])), .text("drivetrain_affected", "yes"),
            .description("暴雨积水，车辆停放时被淹"),
        ]
        report(.flood, by: plan.insurer(on: day), on: day, .morning, isRead: false, data)
        claim("flood", yuan: loss, on: day, [.structural(false), .texts("areas", ["interior", "underbody"])])
        let parts = ["座椅总成", "地毯", "车身线束", "发动机控制单元"]
        repair(parts, cause: "flood", yuan: loss, on: day.adding(days: random.integer(20...35)))
    }

    private mutating func bendFrame() {
        let day = plan.turningPoint
        crash(on: day, "高速行驶中追尾货车")
        let loss = plan.car.guidePriceYuan * random.integer(26...38) / 100
        let areas = JSON.Member.texts("areas", ["front", "left"])
        claim("collision", yuan: loss, on: day, [.structural(true), areas])
        let parts = ["左前纵梁", "前防撞梁", "水箱框架", "发动机盖", "左前翼子板", "驾驶席安全气囊"]
        repair(parts, cause: "accident", yuan: loss, on: day.adding(days: 28), isStructural: true, [areas])
    }

    private mutating func beWrittenOff() {
        let day = plan.turningPoint
        crash(on: day, "与大型货车相撞后侧翻")
        let paid = plan.car.guidePriceYuan * random.integer(55...65) / 100
        let data: [JSON.Member] = [
            .text("peril", "collision"), .text("kind", "constructive"), .money("paid_amount", yuan: paid),
            .text("salvage_sold", "yes"), .description("修理费用超过实际价值，推定全损，残值拍卖"),
        ]
        let settledOn = day.adding(days: random.integer(8...15))
        report(.totalLoss, by: plan.insurer(on: day), on: settledOn, .afternoon, isRead: false, data)
        let parts = ["左前纵梁", "左 A 柱", "左 B 柱", "车顶", "前后桥总成", "安全气囊全套"]
        let areas = JSON.Member.texts("areas", ["front", "left", "roof"])
        let yuan = plan.car.guidePriceYuan * 30 / 100
        let rebuiltOn = day.adding(days: random.integer(60...90))
        repair(parts, cause: "accident", yuan: yuan, on: rebuiltOn, isStructural: true, [areas])
    }

    private mutating func crash(on day: CalendarDate, _ words: String) {
        report(.accident, by: plan.registrationCentre(on: day), on: day, .morning, Life.severeAccident(words))
    }

    /// Reported after the car was sold, by an insurer who knew before.
    private mutating func hideAccident() {
        let day = plan.turningPoint
        let data = Life.severeAccident("左侧严重碰撞，左 B 柱变形，当时未报案")
        reportLater(.accident, by: plan.insurer(on: day), on: day, about: nil, isRead: true, data)
    }

    private static func severeAccident(_ words: String) -> [JSON.Member] {
        [
            .text("severity", "severe"), .text("airbags_deployed", "yes"), .structural(true),
            .texts("areas", ["front", "left"]), .description(words),
        ]
    }

    private static let modifications = ["更换排气管并刷写发动机控制程序", "加装悬架升高套件，更换大尺寸轮胎", "车身加宽，更换氙气大灯"]

    private mutating func modify() {
        let day = plan.registeredOn.adding(days: plan.age(on: plan.asOf) * random.integer(25...55) / 100)
        let data: [JSON.Member] = [.description(random.pick(Life.modifications)), .text("registered", "no")]
        report(.modified, by: workshop(on: day), on: day, .afternoon, data)
    }

    // MARK: Theft

    private mutating func beStolen() {
        clear(plan.turningPoint)
        reportTheft("stolen", "停放在小区地面车位，夜间被盗", on: plan.turningPoint)
    }

    private mutating func beRecovered() {
        clear(plan.turningPoint)
        reportTheft("stolen", "停放在路边，被撬门盗走", on: plan.turningPoint)
        guard let foundOn = plan.silence?.upperBound.adding(days: 1) else { return }
        clear(foundOn)
        reportTheft("recovered", "在外地停车场找回，已发还车主", on: foundOn)
    }

    private mutating func reportTheft(_ status: String, _ words: String, on day: CalendarDate) {
        let data: [JSON.Member] = [.text("status", status), .description(words)]
        report(.theft, by: plan.registrationCentre(on: day), on: day, .morning, isRead: false, data)
    }

    // MARK: Warranty

    private static let warrantedParts = ["变速箱电磁阀", "转向机总成", "水泵", "空调压缩机"]

    private mutating func claimWarranty() {
        guard let offer = plan.offers.first, let soldOn = offer.soldOn else { return }
        let day = soldOn.adding(days: random.integer(25...70))
        let number = JSON.Member.text("claim", "LP\(plan.car.vin.suffix(8))")
        let part = random.pick(Life.warrantedParts)
        let yuan = cost(yuan: random.integer(1800...5200))
        report(.warrantyClaimed, by: workshop(on: day), on: day, .morning, [number, .text("component", part)])
        repair([part], cause: "defect", yuan: yuan, on: day.adding(days: 3))
        let data: [JSON.Member] = [number, .text("outcome", "paid"), .money("paid_amount", yuan: yuan)]
        let dealer = plan.dealer(on: offer.listedOn)
        report(.warrantySettled, by: dealer, on: day.adding(days: 5), .afternoon, isRead: false, data)
    }

    // MARK: The end

    private mutating func end(_ kind: Kind, _ data: [JSON.Member]) {
        clear(plan.lastDay)
        report(kind, by: plan.registrationCentre(on: plan.lastDay), on: plan.lastDay, .afternoon, data)
    }
}
