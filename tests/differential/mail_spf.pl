#!/usr/bin/perl
# What Mail::SPF says to the cases on its standard input: a line each, of
# result, explanation, its error, and the questions that it asked.  See
# cases.h.
use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use Zone;
use Mail::SPF;

package Zone::Record;
sub ptrdname      { $_[0]{data} }
sub cname         { $_[0]{data} }
sub exchange      { ( split / /, $_[0]{data}, 2 )[1] }
sub preference    { ( split / /, $_[0]{data}, 2 )[0] }
sub char_str_list { @{ $_[0]{data} } }

package Zone::Packet;
sub header { $_[0] }
sub rcode  { $_[0]{rcode} }

package Resolver;
our @ISA = ('Zone');

sub errorstring { $_[0]{error} }

sub send {
    my ( $self, @what ) = @_;
    my ( $status, $aliases, $found ) = $self->look(@what);
    $self->{error} = $status eq 'TIMEOUT' ? 'query timed out' : '';
    return undef if $status eq 'TIMEOUT';
    return bless { rcode => $status, answer => [ @$aliases, @$found ] },
      'Zone::Packet';
}

package main;

sub ask {
    my ( $keys, $zone ) = @_;
    my ( $result, $why, $note ) = ( 'exception', '', '' );
    eval {
        my $server = Mail::SPF::Server->new(
            dns_resolver                  => $zone,
            hostname                      => 'receiver.example.net',
            default_authority_explanation => 'none-published',
        );
        my $request = Mail::SPF::Request->new(
            scope         => 'mfrom',
            versions      => [1],
            identity      => "$keys->{local}\@$keys->{domain}",
            ip_address    => $keys->{ip},
            helo_identity => $keys->{helo},
        );
        my $r = $server->process($request);
        $result = $r->code;
        $note   = $r->local_explanation if $result =~ /error/;
        $why    = $r->authority_explanation if $result eq 'fail';
        1;
    } or $note = ref $@ && $@->can('text') ? $@->text : "$@";
    $why = '' if "$why" eq 'none-published';
    print join( "\t",
        $result, Zone::encode("$why"), Zone::encode("$note"), $zone->asked ),
      "\n";
    return;
}

Zone::each_case( 'Resolver', \&ask );
