//! Words of the frame around pages: navigation, account menu, theme.

pub struct Frame {
    pub skip: &'static str,
    pub navigation: &'static str,
    pub home: &'static str,
    pub decks: &'static str,
    pub groups: &'static str,
    pub join: &'static str,
    pub sign_in: &'static str,
    pub sign_up: &'static str,
    pub sign_out: &'static str,
    pub account: &'static str,
    pub account_menu: &'static str,
    pub admin: &'static str,
    pub theme: &'static str,
    pub theme_system: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,
    pub footer: &'static str,
}
