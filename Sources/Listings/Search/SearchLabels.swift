import Core

extension VehicleEnergy {
    var label: LocalizedText {
        switch self {
        case .petrol: LocalizedText(zh: "汽油", en: "Petrol")
        case .diesel: LocalizedText(zh: "柴油", en: "Diesel")
        case .hybrid: LocalizedText(zh: "油电混合", en: "Hybrid")
        case .plugInHybrid: LocalizedText(zh: "插电混动", en: "Plug-in hybrid")
        case .rangeExtended: LocalizedText(zh: "增程式电动", en: "Range-extended electric")
        case .battery: LocalizedText(zh: "纯电动", en: "Battery electric")
        case .fuelCell: LocalizedText(zh: "燃料电池", en: "Fuel cell")
        case .gas: LocalizedText(zh: "燃气", en: "Gas")
        case .other: LocalizedText(zh: "其他能源", en: "Other energy")
        }
    }
}

extension VehicleDetails.Gearbox {
    var label: LocalizedText {
        switch self {
        case .manual: LocalizedText(zh: "手动挡", en: "Manual")
        case .automatic: LocalizedText(zh: "自动挡", en: "Automatic")
        case .dualClutch: LocalizedText(zh: "双离合", en: "Dual clutch")
        case .continuouslyVariable: LocalizedText(zh: "无级变速", en: "CVT")
        case .automatedManual: LocalizedText(zh: "机械式自动", en: "Automated manual")
        case .singleSpeed: LocalizedText(zh: "单速变速", en: "Single speed")
        }
    }
}

extension VehicleDetails.EmissionStage {
    var label: LocalizedText {
        switch self {
        case .china1: LocalizedText(zh: "国一", en: "China 1")
        case .china2: LocalizedText(zh: "国二", en: "China 2")
        case .china3: LocalizedText(zh: "国三", en: "China 3")
        case .china4: LocalizedText(zh: "国四", en: "China 4")
        case .china5: LocalizedText(zh: "国五", en: "China 5")
        case .china6a: LocalizedText(zh: "国六A", en: "China 6a")
        case .china6b: LocalizedText(zh: "国六B", en: "China 6b")
        case .notApplicable: LocalizedText(zh: "不适用", en: "Not applicable")
        case .notKnown: LocalizedText(zh: "不清楚", en: "Not known")
        }
    }
}

extension SearchDimension {
    /// What a value of it is called, where it is a code and not a name.
    func label(of value: String) -> LocalizedText? {
        switch self {
        case .energy: VehicleDetails.Energy(rawValue: value)?.label
        case .gearbox: VehicleDetails.Gearbox(rawValue: value)?.label
        case .emissionStage: VehicleDetails.EmissionStage(rawValue: value)?.label
        case .province: Province(rawValue: value)?.label
        case .features: Feature(rawValue: value)?.label
        case .make, .series, .city, .color, .grade, .year, .status, .dealer: nil
        }
    }
}

/// The names under which a make is known, so that it is found by each, whichever the dealer writes.
enum MakeNames {
    static func others(than make: String) -> [String] {
        groups[folded(make)]?.filter { $0 != make } ?? []
    }

    private static let groups: [String: [String]] = table.split(separator: "\n").reduce(into: [:]) { groups, line in
        let names = line.split(separator: ",").map(String.init)
        for name in names { groups[folded(name)] = names }
    }

    private static func folded(_ name: String) -> String { name.lowercased() }

    /// A make a line, its names as they are written.
    private static let table = """
        比亚迪,BYD
        大众,Volkswagen,VW
        丰田,Toyota
        本田,Honda
        日产,Nissan
        宝马,BMW
        奔驰,梅赛德斯-奔驰,Mercedes-Benz,Mercedes,Benz
        奥迪,Audi
        别克,Buick
        雪佛兰,Chevrolet
        凯迪拉克,Cadillac
        福特,Ford
        林肯,Lincoln
        吉利,吉利汽车,Geely
        领克,Lynk & Co
        极氪,Zeekr
        长安,Changan
        深蓝,Deepal
        哈弗,Haval
        长城,Great Wall
        坦克,Tank
        魏牌,WEY
        欧拉,Ora
        奇瑞,Chery
        捷途,Jetour
        星途,Exeed
        红旗,Hongqi
        荣威,Roewe
        名爵,MG
        五菱,Wuling
        宝骏,Baojun
        传祺,广汽传祺,Trumpchi
        埃安,广汽埃安,Aion
        特斯拉,Tesla
        蔚来,NIO
        小鹏,Xpeng
        理想,Li Auto
        问界,AITO
        小米,Xiaomi
        零跑,Leapmotor
        哪吒,Neta
        岚图,Voyah
        现代,Hyundai
        起亚,Kia
        马自达,Mazda
        三菱,Mitsubishi
        斯巴鲁,Subaru
        铃木,Suzuki
        雷克萨斯,Lexus
        英菲尼迪,Infiniti
        讴歌,Acura
        沃尔沃,Volvo
        路虎,Land Rover
        捷豹,Jaguar
        保时捷,Porsche
        斯柯达,Skoda
        标致,Peugeot
        雪铁龙,Citroen
        雷诺,Renault
        吉普,Jeep
        迷你,Mini
        玛莎拉蒂,Maserati
        """
}
