package import Core

/// What a car has that buyers ask for. Which of them a model has is the dealer's word.
package enum Feature: String, Sendable, Hashable, CaseIterable {
    case sunroof
    case panoramicRoof = "panoramic_roof"
    case leatherSeats = "leather_seats"
    case heatedSeats = "heated_seats"
    case ventilatedSeats = "ventilated_seats"
    case electricSeats = "electric_seats"
    case thirdRow = "third_row"
    case keylessEntry = "keyless_entry"
    case powerTailgate = "power_tailgate"
    case reversingCamera = "reversing_camera"
    case surroundCamera = "surround_camera"
    case parkingSensors = "parking_sensors"
    case automaticParking = "automatic_parking"
    case cruiseControl = "cruise_control"
    case adaptiveCruise = "adaptive_cruise"
    case laneKeeping = "lane_keeping"
    case emergencyBraking = "emergency_braking"
    case blindSpotMonitor = "blind_spot_monitor"
    case headUpDisplay = "head_up_display"
    case navigation
    case smartphoneLink = "smartphone_link"
    case ledHeadlights = "led_headlights"
    case fourWheelDrive = "four_wheel_drive"
    case airSuspension = "air_suspension"
    case turbo
    case towBar = "tow_bar"
    case fastCharging = "fast_charging"
    case vehicleToLoad = "vehicle_to_load"

    package var label: LocalizedText { Feature.labels[self] ?? LocalizedText(zh: rawValue, en: rawValue) }

    private static let labels: [Feature: LocalizedText] = Dictionary(
        uniqueKeysWithValues: zip(allCases, names.split(separator: "\n")).map { feature, line in
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            return (feature, LocalizedText(zh: words.first ?? "", en: words.last ?? ""))
        }
    )

    /// In the order of the cases.
    private static let names = """
        天窗 Sunroof
        全景天窗 Panoramic roof
        真皮座椅 Leather seats
        座椅加热 Heated seats
        座椅通风 Ventilated seats
        电动座椅 Electric seats
        第三排座椅 Third row of seats
        无钥匙进入 Keyless entry
        电动尾门 Power tailgate
        倒车影像 Reversing camera
        全景影像 Surround camera
        泊车雷达 Parking sensors
        自动泊车 Automatic parking
        定速巡航 Cruise control
        自适应巡航 Adaptive cruise control
        车道保持 Lane keeping
        主动刹车 Emergency braking
        盲区监测 Blind spot monitor
        抬头显示 Head-up display
        导航 Navigation
        手机互联 Smartphone link
        LED大灯 LED headlights
        四驱 Four-wheel drive
        空气悬架 Air suspension
        涡轮增压 Turbocharger
        拖车钩 Tow bar
        快充 Fast charging
        对外放电 Vehicle-to-load
        """
}
